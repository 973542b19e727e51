import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import type { Request, Subject } from "../subjects/subject.ts";
import { noCodesLeftError } from "./draws.ts";
import { drawVouchers, findByCode } from "./mariadb-by-hand.ts";
import { execute, inTransaction, openDatabase, select, type Value } from "./mariadb-schema.ts";

const repeatJoined = (length: number, one: string): string => Array(length).fill(one).join(", ");

/** Finds or creates customers in the order of their source ids. In one order, two batches cannot deadlock. */
const customerIds = async (connection: PoolConnection, requests: readonly Request[]): Promise<Map<string, number>> => {
  const sourceIds = [...new Set(requests.map(({ customer }) => customer))].sort();
  const ids = new Map<string, number>();
  const loadIds = async (): Promise<void> => {
    const sql = `select id, source_id from customers where source_id in (${repeatJoined(sourceIds.length, "?")})`;
    for (const row of await select(connection, sql, sourceIds)) ids.set(String(row.source_id), Number(row.id));
  };
  await loadIds();
  const newCustomers = sourceIds.filter((sourceId) => !ids.has(sourceId));
  if (newCustomers.length === 0) return ids;
  await execute(
    connection,
    `insert ignore into customers (source_id) values ${repeatJoined(newCustomers.length, "(?)")}`,
    newCustomers,
  );
  await loadIds();
  return ids;
};

/** One draw for all requests without a named code. Ranks are random, so neighbours in rank are random vouchers. */
const selectVouchers = async (connection: PoolConnection, requests: readonly Request[]): Promise<RowDataPacket[][]> => {
  const count = requests.reduce((sum, request) => sum + (request.code === null ? request.count : 0), 0);
  const drawnVouchers = count === 0 ? [] : await drawVouchers(connection, count);
  const vouchers: RowDataPacket[][] = [];
  for (const { code, count } of requests)
    vouchers.push(code === null ? drawnVouchers.splice(0, count) : await findByCode(connection, code));
  return vouchers;
};

const insertPublications = async (
  connection: PoolConnection,
  rows: readonly (readonly Value[])[],
): Promise<readonly number[]> => {
  const sql = `insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
    values ${repeatJoined(rows.length, "(1, ?, ?, 'API', '{}', ?)")} returning id`;
  return (await select(connection, sql, rows.flat())).map(({ id }) => Number(id));
};

const CLAIM_VOUCHERS = `
  update vouchers as v join json_table(?, '$[*]' columns (
    id bigint path '$[0]', publication_id bigint path '$[1]', holder_id bigint path '$[2]')) as claim on v.id = claim.id
  set v.publication_id = claim.publication_id, v.holder_id = claim.holder_id, v.updated_at = now(3)
  where v.publication_id is null`;

/** Returns the codes of all requests, or the first request that found too few vouchers. */
const tryOnce = async (
  connection: PoolConnection,
  requests: readonly Request[],
): Promise<Request | readonly (readonly string[])[]> => {
  const customers = await customerIds(connection, requests);
  const vouchers = await selectVouchers(connection, requests);
  const shortRequest = requests.find(({ count }, i) => vouchers[i]?.length !== count);
  if (shortRequest !== undefined) return shortRequest;
  const codes = vouchers.map((requestVouchers) => requestVouchers.map(({ code }) => String(code)));
  const rows = requests.map(({ customer, sourceId }, i) => [
    customers.get(customer) ?? null,
    sourceId,
    JSON.stringify(codes[i]),
  ]);
  const publications = await insertPublications(connection, rows);
  const claims = vouchers.flatMap((some, i) => some.map(({ id }) => [id, publications[i], rows[i]?.[0]]));
  const { affectedRows } = await execute(connection, CLAIM_VOUCHERS, [JSON.stringify(claims)]);
  if (affectedRows !== claims.length)
    throw new Error(`Only ${affectedRows} of ${claims.length} locked vouchers were claimed`);
  return codes;
};

/** `mariadbByHand` with 64 publications per transaction, in few statements. It publishes all of them or none. */
export const mariadbInBatches = (url: string): Subject => ({
  name: "transactions of 64",
  batchSize: 64,
  mayRepeatCodes: false,
  open: async (options) => {
    const { pool, hasLeft, ...target } = await openDatabase(url, options);

    const publish = async (requests: readonly Request[]): Promise<readonly (readonly string[])[]> => {
      const neededCount = requests.reduce((sum, { count }) => sum + count, 0);
      for (;;) {
        const result = await inTransaction(pool, (connection) => tryOnce(connection, requests));
        if (!("customer" in result)) return result;
        if (result.code !== null || !(await hasLeft(neededCount))) throw noCodesLeftError(result);
      }
    };

    return { ...target, publish };
  },
});
