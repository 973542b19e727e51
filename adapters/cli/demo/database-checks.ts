import { DatabaseSync } from "node:sqlite";
import { formatNumber } from "../layout.ts";
import { MERCHANT_CAMPAIGN, SELF_EXTENDING_CAMPAIGN } from "./campaigns.ts";
import type { Tally } from "./tally.ts";

/** What must be so in the file, whether it is, and what was found. */
export interface CheckResult {
  readonly rule: string;
  readonly passed: boolean;
  readonly details: string;
}

const EXAMPLES = 3;
const sampleText = (names: readonly string[]): string =>
  names.slice(0, EXAMPLES).join(", ") +
  (names.length > EXAMPLES ? ` and ${formatNumber(names.length - EXAMPLES)} more` : "");

/** The only answer of a query that counts. */
const selectCount = (database: DatabaseSync, sql: string, ...values: readonly string[]): number =>
  Number(database.prepare(sql).get(...values)?.found ?? 0);
const selectTexts = (database: DatabaseSync, sql: string, ...values: readonly string[]): readonly string[] =>
  database
    .prepare(sql)
    .all(...values)
    .map((row) => String(row.found));

const CODES_OF_PUBLICATIONS = `
  FROM oncecode_publications AS publication, json_each(publication.codes) AS code
  WHERE publication.result = 'SUCCESS'`;
const IN_DEMO_CAMPAIGNS = `campaign IN ('${MERCHANT_CAMPAIGN}', '${SELF_EXTENDING_CAMPAIGN}')`;

/** In the whole file, whoever published. */
const checkCodesUnique = (database: DatabaseSync): CheckResult => {
  const duplicates = selectTexts(
    database,
    `SELECT code.value AS found ${CODES_OF_PUBLICATIONS} GROUP BY code.value HAVING count(*) > 1`,
  );
  const codes = selectCount(database, `SELECT count(*) AS found ${CODES_OF_PUBLICATIONS}`);
  return {
    rule: "no code is in two publications",
    passed: duplicates.length === 0,
    details:
      duplicates.length === 0
        ? `${formatNumber(codes)} codes, each in one`
        : `published more than once: ${sampleText(duplicates)}`,
  };
};

/** Publications say which codes are gone, vouchers which are left: together they must be all. */
const checkNoneLost = (database: DatabaseSync, now: string): CheckResult => {
  const vouchers = `SELECT count(*) AS found FROM oncecode_vouchers WHERE ${IN_DEMO_CAMPAIGNS}`;
  const suitable = "active = 1 AND (expiration_date IS NULL OR expiration_date > ?)";
  const all = selectCount(database, vouchers);
  const published = selectCount(
    database,
    `SELECT count(*) AS found ${CODES_OF_PUBLICATIONS} AND publication.${IN_DEMO_CAMPAIGNS}`,
  );
  const available = selectCount(database, `${vouchers} AND publication_id IS NULL AND ${suitable}`, now);
  const unsuitable = selectCount(database, `${vouchers} AND publication_id IS NULL AND NOT (${suitable})`, now);
  const passed = published + available + unsuitable === all;
  return {
    rule: "published + available + expired = all codes",
    passed,
    details: `${[published, available, unsuitable].map(formatNumber).join(" + ")} ${passed ? "=" : "≠"} ${formatNumber(all)}`,
  };
};

/** A voucher names its publication, and the publication has the voucher's code. */
const checkReferences = (database: DatabaseSync): CheckResult => {
  const wrong = selectTexts(
    database,
    `SELECT voucher.code AS found FROM oncecode_vouchers AS voucher
     LEFT JOIN oncecode_publications AS publication ON publication.id = voucher.publication_id AND publication.result = 'SUCCESS'
     WHERE voucher.publication_id IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM json_each(publication.codes) AS code WHERE code.value = voucher.code)`,
  );
  return {
    rule: "a code and its publication name each other",
    passed: wrong.length === 0,
    details: wrong.length === 0 ? "all do" : `these do not: ${sampleText(wrong)}`,
  };
};

/** What the engine answered is in the file, word for word; and what this run stored, it answered. */
const checkAcknowledged = (database: DatabaseSync, { acknowledged, runId }: Tally): CheckResult => {
  const find = database.prepare(
    "SELECT codes, customer_id FROM oncecode_publications WHERE id = ? AND result = 'SUCCESS'",
  );
  const missing = acknowledged.filter(({ id, codes, customerId }) => {
    const stored = find.get(id);
    return stored?.customer_id !== customerId || stored.codes !== JSON.stringify(codes);
  });
  const acknowledgedIds = new Set(acknowledged.map(({ id }) => id));
  const stored = selectTexts(
    database,
    `SELECT id AS found FROM oncecode_publications
     WHERE result = 'SUCCESS' AND ${IN_DEMO_CAMPAIGNS} AND json_extract(metadata, '$.run') = ?`,
    runId,
  );
  const unacknowledged = stored.filter((id) => !acknowledgedIds.has(id));
  const wrong = [...missing.map(({ id }) => id), ...unacknowledged];
  return {
    rule: "what was acknowledged is stored, and no more",
    passed: wrong.length === 0,
    details:
      wrong.length === 0
        ? `${formatNumber(acknowledged.length)} of ${formatNumber(acknowledged.length)}`
        : `${formatNumber(missing.length)} not stored as told, ${formatNumber(unacknowledged.length)} never told of: ${sampleText(wrong)}`,
  };
};

/** Looks into the file with a connection of its own that cannot write, and with no help of the engine's. */
export const checkDatabase = (filename: string, tally: Tally): readonly CheckResult[] => {
  const database = new DatabaseSync(filename, { readOnly: true, timeout: 5000 });
  try {
    // One snapshot, whoever else is publishing.
    database.exec("BEGIN");
    return [
      checkCodesUnique(database),
      checkNoneLost(database, new Date().toISOString()),
      checkReferences(database),
      checkAcknowledged(database, tally),
    ];
  } finally {
    database.close();
  }
};
