import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import { publishOneByOne, type Request, type Subject } from "../subjects/subject.ts";
import { noCodesLeftError, randomRank } from "./draws.ts";
import { execute, inTransaction, openDatabase, select } from "./mariadb-schema.ts";

/** A random draw along the index, with locked rows skipped. It goes on from the start if the end has too few vouchers. */
export const drawVouchers = async (connection: PoolConnection, count: number): Promise<RowDataPacket[]> => {
  const sql = `select id, code from vouchers force index (pool)
    where campaign_id = 1 and publication_id is null and \`rank\` >= ?
    order by \`rank\` limit ${count} for update skip locked`;
  const vouchers = await select(connection, sql, [randomRank()]);
  return vouchers.length === count ? vouchers : select(connection, sql, [0]);
};

export const findByCode = (connection: PoolConnection, code: string): Promise<RowDataPacket[]> =>
  select(connection, "select id, code from vouchers where code = ? and publication_id is null for update", [code]);

const UPSERT_CUSTOMER = "insert into customers (source_id) values (?) on duplicate key update id = last_insert_id(id)";
const INSERT_PUBLICATION = `insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
  values (1, ?, ?, 'API', '{}', ?)`;
const claimStatement = (
  count: number,
): string => `update vouchers set publication_id = ?, holder_id = ?, updated_at = now(3)
  where id in (${Array(count).fill("?")}) and publication_id is null`;

/** Null if other transactions have locked the free vouchers. */
const tryOnce = async (connection: PoolConnection, request: Request): Promise<readonly string[] | null> => {
  const { count, code } = request;
  const customer = (await execute(connection, UPSERT_CUSTOMER, [request.customer])).insertId;
  const vouchers = await (code === null ? drawVouchers(connection, count) : findByCode(connection, code));
  if (vouchers.length < count) return null;
  const codes = vouchers.map((voucher) => String(voucher.code));
  const values = [customer, request.sourceId, JSON.stringify(codes)];
  const publication = (await execute(connection, INSERT_PUBLICATION, values)).insertId;
  const ids = vouchers.map(({ id }) => Number(id));
  const { affectedRows } = await execute(connection, claimStatement(count), [publication, customer, ...ids]);
  if (affectedRows !== count) throw new Error(`Only ${affectedRows} of ${count} locked vouchers were claimed`);
  return codes;
};

/**
 * The code that a good engineer would write by hand for MariaDB: a random draw, a conditional update, the customer, the key
 * and the record, in one transaction. It has no filters, no failed publications and no replays.
 */
export const mariadbByHand = (url: string): Subject => ({
  name: "transaction per call",
  batchSize: 1,
  mayRepeatCodes: false,
  open: async (options) => {
    const { pool, hasLeft, ...target } = await openDatabase(url, options);

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      do {
        const codes = await inTransaction(pool, (connection) => tryOnce(connection, request));
        if (codes !== null) return codes;
      } while (request.code === null && (await hasLeft(request.count)));
      throw noCodesLeftError(request);
    };

    return { ...target, publish: publishOneByOne(publishOne) };
  },
});
