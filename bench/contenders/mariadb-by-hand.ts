import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import { type Contender, eachAlone, type Request } from "./contender.ts";
import { noneLeft, randomRank } from "./drawing.ts";
import { change, openDatabase, select, transacted } from "./mariadb-schema.ts";

/** A random draw along the index, under a lock that others pass by. From the start where the end holds too few. */
export const draw = async (connection: PoolConnection, count: number): Promise<RowDataPacket[]> => {
  const sql = `select id, code from vouchers force index (pool)
    where campaign_id = 1 and publication_id is null and \`rank\` >= ?
    order by \`rank\` limit ${count} for update skip locked`;
  const drawn = await select(connection, sql, [randomRank()]);
  return drawn.length === count ? drawn : select(connection, sql, [0]);
};

export const find = (connection: PoolConnection, code: string): Promise<RowDataPacket[]> =>
  select(connection, "select id, code from vouchers where code = ? and publication_id is null for update", [code]);

const CUSTOMER = "insert into customers (source_id) values (?) on duplicate key update id = last_insert_id(id)";
const RECORD = `insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
  values (1, ?, ?, 'API', '{}', ?)`;
const claim = (count: number): string => `update vouchers set publication_id = ?, holder_id = ?, updated_at = now(3)
  where id in (${Array(count).fill("?")}) and publication_id is null`;

/** Gives null where others hold what is free. */
const attempt = async (connection: PoolConnection, request: Request): Promise<readonly string[] | null> => {
  const { count, code } = request;
  const customer = (await change(connection, CUSTOMER, [request.customer])).insertId;
  const vouchers = await (code === null ? draw(connection, count) : find(connection, code));
  if (vouchers.length < count) return null;
  const codes = vouchers.map((voucher) => String(voucher.code));
  const values = [customer, request.sourceId, JSON.stringify(codes)];
  const publication = (await change(connection, RECORD, values)).insertId;
  const ids = vouchers.map(({ id }) => Number(id));
  const { affectedRows } = await change(connection, claim(count), [publication, customer, ...ids]);
  if (affectedRows !== count) throw new Error("The claim by hand did not hold");
  return codes;
};

/**
 * What a good engineer would write by hand for MariaDB: a random draw, a claim under a condition, the customer, the key
 * and the record, all in one transaction. No filters, no failures on record, no replay of answers.
 */
export const mariadbByHand = (url: string): Contender => ({
  name: "transaction per call",
  batch: 1,
  givesTwice: false,
  open: async (stock) => {
    const { pool, hasLeft, ...opened } = await openDatabase(url, stock);

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      do {
        const codes = await transacted(pool, (connection) => attempt(connection, request));
        if (codes !== null) return codes;
      } while (request.code === null && (await hasLeft(request.count)));
      throw noneLeft(request);
    };

    return { ...opened, publish: eachAlone(publishOne) };
  },
});
