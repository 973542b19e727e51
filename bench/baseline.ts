import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/**
 * What a good engineer would write by hand for one SQLite file: random draw by rank, conditional claim, customer upsert,
 * idempotency key, an audit row with the indexes that its lists need. It has no filters, no failures on record, no
 * replay of answers, and no way to share a commit but the one that its caller arranges.
 */
export interface Baseline {
  /** Publishes once for each customer, all in one commit. Gives the codes. */
  publish(customers: readonly string[]): readonly string[];
  close(): void;
}

const SCHEMA = `
  CREATE TABLE voucher (
    id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, campaign TEXT NOT NULL, rank REAL NOT NULL,
    details TEXT NOT NULL, publication_id TEXT, holder_id TEXT, updated_at TEXT) WITHOUT ROWID;
  CREATE INDEX voucher_free ON voucher (campaign, rank) WHERE publication_id IS NULL;
  CREATE TABLE customer (id TEXT PRIMARY KEY, source_id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE publication (
    id TEXT PRIMARY KEY, created_at TEXT NOT NULL, customer_id TEXT NOT NULL, campaign TEXT NOT NULL,
    channel TEXT NOT NULL, metadata TEXT NOT NULL, source_id TEXT UNIQUE,
    voucher_id TEXT NOT NULL UNIQUE, code TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX publication_newest ON publication (created_at, id);
  CREATE INDEX publication_customer ON publication (customer_id, created_at, id);
  CREATE INDEX publication_campaign ON publication (campaign, created_at, id);
`;
const DETAILS = JSON.stringify({ type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } });
const CAMPAIGN = "bench";

const newId = (): string => Date.now().toString(36) + randomUUID();

export const baseline = (filename: string, synchronous: "FULL" | "NORMAL", vouchers: number): Baseline => {
  const db = new DatabaseSync(filename);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = -65536`);
  db.exec(SCHEMA);
  const add = db.prepare("INSERT INTO voucher (id, code, campaign, rank, details) VALUES (?, ?, ?, ?, ?)");
  db.exec("BEGIN");
  for (let i = 0; i < vouchers; i++)
    add.run(newId(), randomBytes(9).toString("base64url"), CAMPAIGN, randomInt(2 ** 47) / 2 ** 47, DETAILS);
  db.exec("COMMIT");

  const free =
    "SELECT id, code FROM voucher WHERE campaign = ? AND publication_id IS NULL AND rank >= ? ORDER BY rank LIMIT 1";
  const draw = db.prepare(free);
  const claim = db.prepare(
    "UPDATE voucher SET publication_id = ?, holder_id = ?, updated_at = ? WHERE id = ? AND publication_id IS NULL",
  );
  const knownAs = db.prepare("SELECT id FROM customer WHERE source_id = ?");
  const know = db.prepare("INSERT INTO customer (id, source_id, created_at) VALUES (?, ?, ?)");
  const record = db.prepare("INSERT INTO publication VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");

  const customerOf = (sourceId: string, now: string): string => {
    const known = knownAs.get(sourceId);
    if (known !== undefined) return String(known.id);
    const id = newId();
    know.run(id, sourceId, now);
    return id;
  };

  const publishOne = (sourceId: string): string => {
    const now = new Date().toISOString();
    const customer = customerOf(sourceId, now);
    const voucher = draw.get(CAMPAIGN, randomInt(2 ** 47) / 2 ** 47) ?? draw.get(CAMPAIGN, 0);
    if (voucher === undefined) throw new Error("No voucher left");
    const [id, voucherId, code] = [newId(), String(voucher.id), String(voucher.code)];
    if (claim.run(id, customer, now, voucherId).changes !== 1) throw new Error("Somebody else was faster");
    record.run(id, now, customer, CAMPAIGN, "API", "{}", null, voucherId, code);
    return code;
  };

  return {
    publish: (customers) => {
      db.exec("BEGIN IMMEDIATE");
      const codes = customers.map(publishOne);
      db.exec("COMMIT");
      return codes;
    },
    close: () => db.close(),
  };
};
