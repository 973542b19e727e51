import type pg from "pg";
import { publishOneByOne, type Request, type Subject } from "../subjects/subject.ts";
import { expectSingleRandomCode, noCodesLeftError } from "./draws.ts";
import { openSchema, openVoucherPool } from "./postgres-schema.ts";

const NAME = "check, then act";

interface Row {
  readonly id: string;
}

const findOrCreateCustomer = async (client: pg.PoolClient, sourceId: string): Promise<string | undefined> => {
  const existing = await client.query<Row>("select id from customers where source_id = $1", [sourceId]);
  if (existing.rows[0] !== undefined) return existing.rows[0].id;
  const inserted = await client.query<Row>(
    `insert into customers (source_id) values ($1)
    on conflict (source_id) do update set source_id = excluded.source_id returning id`,
    [sourceId],
  );
  return inserted.rows[0]?.id;
};

const publishUnlocked = async (client: pg.PoolClient, request: Request): Promise<string> => {
  const customer = await findOrCreateCustomer(client, request.customer);
  const { rows } = await client.query<Row & { readonly code: string }>(
    "select id, code from vouchers where campaign_id = 1 and publication_id is null order by id limit 1",
  );
  const [voucher] = rows;
  if (voucher === undefined) throw noCodesLeftError(request);
  const publication = await client.query<Row>(
    `insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
    values (1, $1, $2, 'API', '{}', $3) returning id`,
    [customer, request.sourceId, [voucher.code]],
  );
  await client.query("update vouchers set publication_id = $1, holder_id = $2, updated_at = now() where id = $3", [
    publication.rows[0]?.id,
    customer,
    voucher.id,
  ]);
  return voucher.code;
};

/** The first attempt of many engineers: a transaction without a lock or a condition. It passes every test with one caller. */
export const checkThenAct = (url: string): Subject => ({
  name: NAME,
  batchSize: 1,
  mayRepeatCodes: true,
  open: async (options) => {
    const schema = await openSchema(url, options);
    const target = await openVoucherPool(schema, options, "id");

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      expectSingleRandomCode(NAME, request);
      const client = await schema.pool.connect();
      try {
        await client.query("begin");
        const code = await publishUnlocked(client, request);
        await client.query("commit");
        return [code];
      } catch (thrown) {
        await client.query("rollback");
        throw thrown;
      } finally {
        client.release();
      }
    };

    return { ...target, publish: publishOneByOne(publishOne) };
  },
});
