import type pg from "pg";
import type { Request } from "../subjects/subject.ts";

/**
 * The CTE `customer` finds or creates the customer with this source id. If another transaction creates the customer
 * meanwhile, the CTE is empty. Then the statement does nothing, and the caller must run it again.
 */
export const customerCtes = (sourceId: string): string => `
  new_customer as (
    insert into customers (source_id) values (${sourceId}) on conflict (source_id) do nothing returning id),
  customer as (
    select id from new_customer union all select id from customers where source_id = ${sourceId} limit 1)`;

const INSERT_PUBLICATION = `
  with ${customerCtes("$1")}
  insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
  select 1, customer.id, $2, 'API', '{}', $3::text[] from customer`;

/** For baselines whose codes are not in PostgreSQL: writes the customer, the key and the publication. */
export const insertPublication = async (
  client: pg.Pool | pg.PoolClient,
  request: Request,
  codes: readonly string[],
): Promise<void> => {
  const values = [request.customer, request.sourceId, codes];
  while ((await client.query({ name: "record", text: INSERT_PUBLICATION, values })).rowCount !== 1);
};
