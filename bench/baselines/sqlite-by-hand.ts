import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Request, Subject, SubjectOptions, Target } from "../subjects/subject.ts";
import { noCodesLeftError, randomRank } from "./draws.ts";

type Synchronous = "FULL" | "NORMAL";

const TABLES = `
  create table customers (id integer primary key, source_id text not null unique, created_at text not null);
  create table vouchers (
    id integer primary key, code text not null, campaign_id integer not null, rank real not null,
    publication_id integer, holder_id integer, updated_at text);
  create table publications (
    id integer primary key, campaign_id integer not null, customer_id integer not null, source_id text,
    channel text not null, metadata text not null, codes text not null, created_at text not null);
  create unique index publications_by_source on publications (source_id) where source_id is not null;
  create index publications_by_time on publications (created_at, id);
  create index publications_by_customer on publications (customer_id, created_at, id);
  create index publications_by_campaign on publications (campaign_id, created_at, id)`;
const INDEXES = `
  create unique index vouchers_by_code on vouchers (code);
  create index vouchers_in_pool on vouchers (campaign_id, rank) where publication_id is null;
  create index vouchers_by_campaign on vouchers (campaign_id, id);
  create index vouchers_by_holder on vouchers (holder_id, id) where holder_id is not null;
  analyze;
  pragma wal_checkpoint(truncate)`;
const fillStatement = (vouchers: number): string => `
  insert into vouchers (code, campaign_id, rank)
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${vouchers})
    select lower(hex(randomblob(8))), 1, (random() / 18446744073709551616.0) + 0.5 from numbers`;

const FREE = "select id, code from vouchers where campaign_id = 1 and publication_id is null";

const statements = (db: DatabaseSync) => ({
  findCustomer: db.prepare("select id from customers where source_id = ?"),
  insertCustomer: db.prepare("insert into customers (source_id, created_at) values (?, ?)"),
  draw: db.prepare(`${FREE} and rank >= ? order by rank limit ?`),
  findByCode: db.prepare("select id, code from vouchers where code = ? and publication_id is null"),
  insertPublication:
    db.prepare(`insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes, created_at)
    values (1, ?, ?, 'API', '{}', ?, ?)`),
  claimVoucher: db.prepare(`update vouchers set publication_id = ?, holder_id = ?, updated_at = ?
    where id = ? and publication_id is null`),
  tally: db.prepare(`select count(*) as published, count(distinct code.value) as "distinct",
    (select count(*) from vouchers where publication_id is null) as "left"
    from publications, json_each(publications.codes) as code`),
  freeCodes: db.prepare(`${FREE} order by rank limit ?`),
});

const openPool = (filename: string, synchronous: Synchronous, { vouchers }: SubjectOptions): Target => {
  const db = new DatabaseSync(filename);
  db.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma cache_size = -65536`);
  for (const sql of [TABLES, fillStatement(vouchers), INDEXES]) db.exec(sql);
  const { findCustomer, insertCustomer, draw, findByCode, insertPublication, claimVoucher, tally, freeCodes } =
    statements(db);

  const selectVouchers = ({ code, count }: Request): ReturnType<typeof draw.all> => {
    if (code !== null) return findByCode.all(code);
    const vouchers = draw.all(randomRank(), count);
    return vouchers.length === count ? vouchers : draw.all(0, count);
  };

  const publishOne = (request: Request): readonly string[] => {
    const now = new Date().toISOString();
    const customerId =
      findCustomer.get(request.customer)?.id ?? insertCustomer.run(request.customer, now).lastInsertRowid;
    const customer = Number(customerId);
    const vouchers = selectVouchers(request);
    if (vouchers.length < request.count) throw noCodesLeftError(request);
    const codes = vouchers.map(({ code }) => String(code));
    const publication = insertPublication.run(customer, request.sourceId, JSON.stringify(codes), now).lastInsertRowid;
    for (const { id } of vouchers)
      if (claimVoucher.run(publication, customer, now, Number(id)).changes !== 1)
        throw new Error("The voucher is already published");
    return codes;
  };

  return {
    codes: async (count) => freeCodes.all(count).map(({ code }) => String(code)),
    publish: async (requests) => {
      db.exec("begin immediate");
      try {
        const codesOfRequests = requests.map(publishOne);
        db.exec("commit");
        return codesOfRequests;
      } catch (thrown) {
        db.exec("rollback");
        throw thrown;
      }
    },
    tally: async () => {
      const { published, distinct, left } = tally.get() ?? {};
      return { published: Number(published), distinct: Number(distinct), left: Number(left) };
    },
    close: async () => {
      db.close();
      await rm(filename);
    },
  };
};

let fileCount = 0;

/**
 * Prepared statements on one file: a random draw by rank, a conditional update, the customer, the key, and the record with
 * the indexes for lists. Each call is one commit. With a batch of 64, it is the lowest cost of a publication with a shared
 * commit. It has no filters, no failed publications and no replays.
 */
export const sqliteByHand = (folder: string, synchronous: Synchronous, batchSize: 1 | 64): Subject => ({
  name: batchSize === 1 ? "by hand" : `by hand, ${batchSize} a commit`,
  batchSize,
  mayRepeatCodes: false,
  open: async (options) => openPool(join(folder, `by-hand-${process.pid}-${fileCount++}.db`), synchronous, options),
});
