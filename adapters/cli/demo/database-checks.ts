import { DatabaseSync } from "node:sqlite";
import { formatNumber } from "../layout.ts";
import { MERCHANT_CAMPAIGN, SELF_EXTENDING_CAMPAIGN } from "./campaigns.ts";
import type { Tally } from "./tally.ts";

/** One check of the file, with its result. */
export interface CheckResult {
  readonly rule: string;
  readonly hasPassed: boolean;
  readonly details: string;
}

const EXAMPLE_COUNT = 3;
const sampleText = (names: readonly string[]): string =>
  names.slice(0, EXAMPLE_COUNT).join(", ") +
  (names.length > EXAMPLE_COUNT ? ` and ${formatNumber(names.length - EXAMPLE_COUNT)} more` : "");

/** The number that a `count` query returns. */
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

/** Checks all publications of the file, not only those of this run. */
const checkCodesUnique = (database: DatabaseSync): CheckResult => {
  const duplicates = selectTexts(
    database,
    `SELECT code.value AS found ${CODES_OF_PUBLICATIONS} GROUP BY code.value HAVING count(*) > 1`,
  );
  const codes = selectCount(database, `SELECT count(*) AS found ${CODES_OF_PUBLICATIONS}`);
  return {
    rule: "no code is in two publications",
    hasPassed: duplicates.length === 0,
    details:
      duplicates.length === 0
        ? `${formatNumber(codes)} codes, each in one`
        : `published more than once: ${sampleText(duplicates)}`,
  };
};

/** The published codes (from publications) and the unpublished ones (from vouchers) must add up to all codes. */
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
    rule: "published + available + unsuitable = all codes",
    hasPassed: passed,
    details: `${[published, available, unsuitable].map(formatNumber).join(" + ")} ${passed ? "=" : "≠"} ${formatNumber(all)}`,
  };
};

/** Each published voucher names its publication, and that publication has the voucher's code. */
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
    hasPassed: wrong.length === 0,
    details: wrong.length === 0 ? "all do" : `these do not: ${sampleText(wrong)}`,
  };
};

/** Each publication that the engine confirmed is in the file, and the file has no other publication of this run. */
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
    rule: "the stored publications are the confirmed ones",
    hasPassed: wrong.length === 0,
    details:
      wrong.length === 0
        ? `${formatNumber(acknowledged.length)} of ${formatNumber(acknowledged.length)}`
        : `${formatNumber(missing.length)} confirmed but not stored, ${formatNumber(unacknowledged.length)} stored but not confirmed: ${sampleText(wrong)}`,
  };
};

/** Checks the file through its own read-only connection, without the engine. */
export const checkDatabase = (filename: string, tally: Tally): readonly CheckResult[] => {
  const database = new DatabaseSync(filename, { readOnly: true, timeout: 5000 });
  try {
    // All checks read one snapshot, even if another process publishes.
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
