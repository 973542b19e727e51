import type pg from "pg";
import { type Contender, eachAlone, type Request } from "./contender.ts";
import { noneLeft, onlyAnyOne } from "./drawing.ts";
import { openSchema, stocked } from "./postgres-schema.ts";

const NAME = "check, then act";

interface Row {
  readonly id: string;
}

const customerOf = async (client: pg.PoolClient, sourceId: string): Promise<string | undefined> => {
  const known = await client.query<Row>("select id from customers where source_id = $1", [sourceId]);
  if (known.rows[0] !== undefined) return known.rows[0].id;
  const made = await client.query<Row>(
    `insert into customers (source_id) values ($1)
    on conflict (source_id) do update set source_id = excluded.source_id returning id`,
    [sourceId],
  );
  return made.rows[0]?.id;
};

const act = async (client: pg.PoolClient, request: Request): Promise<string> => {
  const customer = await customerOf(client, request.customer);
  const { rows } = await client.query<Row & { readonly code: string }>(
    "select id, code from vouchers where campaign_id = 1 and publication_id is null order by id limit 1",
  );
  const [voucher] = rows;
  if (voucher === undefined) throw noneLeft(request);
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

/** What is written first, and passes every test that has one caller: a transaction, but no lock and no condition. */
export const checkThenAct = (url: string): Contender => ({
  name: NAME,
  batch: 1,
  givesTwice: true,
  open: async (stock) => {
    const schema = await openSchema(url, stock);
    const opened = await stocked(schema, stock, "id");

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      onlyAnyOne(NAME, request);
      const client = await schema.pool.connect();
      try {
        await client.query("begin");
        const code = await act(client, request);
        await client.query("commit");
        return [code];
      } catch (thrown) {
        await client.query("rollback");
        throw thrown;
      } finally {
        client.release();
      }
    };

    return { ...opened, publish: eachAlone(publishOne) };
  },
});
