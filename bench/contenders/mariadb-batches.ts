import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import type { Contender, Request } from "./contender.ts";
import { noneLeft } from "./drawing.ts";
import { draw, find } from "./mariadb-by-hand.ts";
import { change, openDatabase, select, transacted, type Value } from "./mariadb-schema.ts";

const list = (length: number, one: string): string => Array(length).fill(one).join(", ");

/** The ids of these customers, in the order of their source ids, so that batches do not wait for each other. */
const customersOf = async (connection: PoolConnection, requests: readonly Request[]): Promise<Map<string, number>> => {
  const all = [...new Set(requests.map(({ customer }) => customer))].sort();
  const ids = new Map<string, number>();
  const know = async (): Promise<void> => {
    const sql = `select id, source_id from customers where source_id in (${list(all.length, "?")})`;
    for (const row of await select(connection, sql, all)) ids.set(String(row.source_id), Number(row.id));
  };
  await know();
  const strangers = all.filter((sourceId) => !ids.has(sourceId));
  if (strangers.length === 0) return ids;
  await change(
    connection,
    `insert ignore into customers (source_id) values ${list(strangers.length, "(?)")}`,
    strangers,
  );
  await know();
  return ids;
};

/** One draw for all that take any code: ranks are random, so those next to each other are as good. */
const vouchersOf = async (connection: PoolConnection, requests: readonly Request[]): Promise<RowDataPacket[][]> => {
  const count = requests.reduce((sum, request) => sum + (request.code === null ? request.count : 0), 0);
  const drawn = count === 0 ? [] : await draw(connection, count);
  const vouchers: RowDataPacket[][] = [];
  for (const { code, count } of requests)
    vouchers.push(code === null ? drawn.splice(0, count) : await find(connection, code));
  return vouchers;
};

const record = async (connection: PoolConnection, rows: readonly (readonly Value[])[]): Promise<readonly number[]> => {
  const sql = `insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
    values ${list(rows.length, "(1, ?, ?, 'API', '{}', ?)")} returning id`;
  return (await select(connection, sql, rows.flat())).map(({ id }) => Number(id));
};

const CLAIM = `
  update vouchers as v join json_table(?, '$[*]' columns (
    id bigint path '$[0]', publication_id bigint path '$[1]', holder_id bigint path '$[2]')) as claim on v.id = claim.id
  set v.publication_id = claim.publication_id, v.holder_id = claim.holder_id, v.updated_at = now(3)
  where v.publication_id is null`;

/** Gives the first request for which there is too little, or the codes of all. */
const attempt = async (
  connection: PoolConnection,
  requests: readonly Request[],
): Promise<Request | readonly (readonly string[])[]> => {
  const customers = await customersOf(connection, requests);
  const vouchers = await vouchersOf(connection, requests);
  const short = requests.find(({ count }, i) => vouchers[i]?.length !== count);
  if (short !== undefined) return short;
  const codes = vouchers.map((some) => some.map(({ code }) => String(code)));
  const rows = requests.map(({ customer, sourceId }, i) => [
    customers.get(customer) ?? null,
    sourceId,
    JSON.stringify(codes[i]),
  ]);
  const publications = await record(connection, rows);
  const claims = vouchers.flatMap((some, i) => some.map(({ id }) => [id, publications[i], rows[i]?.[0]]));
  const { affectedRows } = await change(connection, CLAIM, [JSON.stringify(claims)]);
  if (affectedRows !== claims.length) throw new Error("The claim by hand did not hold");
  return codes;
};

/** The same with 64 publications a transaction, in few statements. All of them or none. */
export const mariadbInBatches = (url: string): Contender => ({
  name: "transactions of 64",
  batch: 64,
  givesTwice: false,
  open: async (stock) => {
    const { pool, hasLeft, ...opened } = await openDatabase(url, stock);

    const publish = async (requests: readonly Request[]): Promise<readonly (readonly string[])[]> => {
      const wanted = requests.reduce((sum, { count }) => sum + count, 0);
      for (;;) {
        const answer = await transacted(pool, (connection) => attempt(connection, requests));
        if (!("customer" in answer)) return answer;
        if (answer.code !== null || !(await hasLeft(wanted))) throw noneLeft(answer);
      }
    };

    return { ...opened, publish };
  },
});
