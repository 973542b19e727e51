import { DatabaseSync } from "node:sqlite";
import { EXTENDING, OWN } from "./campaigns.ts";
import { number } from "./layout.ts";
import type { Tally } from "./tally.ts";

/** What must be so in the file, whether it is, and what was found. */
export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
  readonly found: string;
}

const EXAMPLES = 3;
const some = (names: readonly string[]): string =>
  names.slice(0, EXAMPLES).join(", ") + (names.length > EXAMPLES ? ` and ${number(names.length - EXAMPLES)} more` : "");

/** The only answer of a query that counts. */
const counted = (database: DatabaseSync, sql: string, ...values: readonly string[]): number =>
  Number(database.prepare(sql).get(...values)?.found ?? 0);
const named = (database: DatabaseSync, sql: string, ...values: readonly string[]): readonly string[] =>
  database
    .prepare(sql)
    .all(...values)
    .map((row) => String(row.found));

const CODES_OF_PUBLICATIONS = `
  FROM oncecode_publications AS publication, json_each(publication.codes) AS code
  WHERE publication.result = 'SUCCESS'`;
const OF_THE_DEMO = `campaign IN ('${OWN}', '${EXTENDING}')`;

/** In the whole file, whoever published. */
const eachCodeOnce = (database: DatabaseSync): Finding => {
  const twice = named(
    database,
    `SELECT code.value AS found ${CODES_OF_PUBLICATIONS} GROUP BY code.value HAVING count(*) > 1`,
  );
  const codes = counted(database, `SELECT count(*) AS found ${CODES_OF_PUBLICATIONS}`);
  return {
    claim: "no code is in two publications",
    holds: twice.length === 0,
    found: twice.length === 0 ? `${number(codes)} codes, each in one` : `published more than once: ${some(twice)}`,
  };
};

/** Publications say which codes are gone, vouchers which are left: together they must be all. */
const noneLost = (database: DatabaseSync, now: string): Finding => {
  const vouchers = `SELECT count(*) AS found FROM oncecode_vouchers WHERE ${OF_THE_DEMO}`;
  const suitable = "active = 1 AND (expiration_date IS NULL OR expiration_date > ?)";
  const all = counted(database, vouchers);
  const published = counted(
    database,
    `SELECT count(*) AS found ${CODES_OF_PUBLICATIONS} AND publication.${OF_THE_DEMO}`,
  );
  const available = counted(database, `${vouchers} AND publication_id IS NULL AND ${suitable}`, now);
  const unsuitable = counted(database, `${vouchers} AND publication_id IS NULL AND NOT (${suitable})`, now);
  const holds = published + available + unsuitable === all;
  return {
    claim: "published + available + expired = all codes",
    holds,
    found: `${[published, available, unsuitable].map(number).join(" + ")} ${holds ? "=" : "≠"} ${number(all)}`,
  };
};

/** A voucher names its publication, and the publication has the voucher's code. */
const bothSidesAgree = (database: DatabaseSync): Finding => {
  const wrong = named(
    database,
    `SELECT voucher.code AS found FROM oncecode_vouchers AS voucher
     LEFT JOIN oncecode_publications AS publication ON publication.id = voucher.publication_id AND publication.result = 'SUCCESS'
     WHERE voucher.publication_id IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM json_each(publication.codes) AS code WHERE code.value = voucher.code)`,
  );
  return {
    claim: "a code and its publication name each other",
    holds: wrong.length === 0,
    found: wrong.length === 0 ? "all do" : `these do not: ${some(wrong)}`,
  };
};

/** What the engine answered is in the file, word for word; and what this run stored, it answered. */
const asAcknowledged = (database: DatabaseSync, { acknowledged, run }: Tally): Finding => {
  const find = database.prepare(
    "SELECT codes, customer_id FROM oncecode_publications WHERE id = ? AND result = 'SUCCESS'",
  );
  const missing = acknowledged.filter(({ id, codes, customerId }) => {
    const stored = find.get(id);
    return stored?.customer_id !== customerId || stored.codes !== JSON.stringify(codes);
  });
  const known = new Set(acknowledged.map(({ id }) => id));
  const stored = named(
    database,
    `SELECT id AS found FROM oncecode_publications
     WHERE result = 'SUCCESS' AND ${OF_THE_DEMO} AND json_extract(metadata, '$.run') = ?`,
    run,
  );
  const unknown = stored.filter((id) => !known.has(id));
  const wrong = [...missing.map(({ id }) => id), ...unknown];
  return {
    claim: "what was acknowledged is stored, and no more",
    holds: wrong.length === 0,
    found:
      wrong.length === 0
        ? `${number(acknowledged.length)} of ${number(acknowledged.length)}`
        : `${number(missing.length)} not stored as told, ${number(unknown.length)} never told of: ${some(wrong)}`,
  };
};

/** Looks into the file with a connection of its own that cannot write, and with no help of the engine's. */
export const findings = (filename: string, tally: Tally): readonly Finding[] => {
  const database = new DatabaseSync(filename, { readOnly: true, timeout: 5000 });
  try {
    // One snapshot, whoever else is publishing.
    database.exec("BEGIN");
    return [
      eachCodeOnce(database),
      noneLost(database, new Date().toISOString()),
      bothSidesAgree(database),
      asAcknowledged(database, tally),
    ];
  } finally {
    database.close();
  }
};
