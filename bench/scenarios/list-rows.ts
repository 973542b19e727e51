import { createEngine, type Repository } from "oncecode";
import { creation, customer, customerId, failedDraft, instant, knownCustomer } from "oncecode/conformance";
import type { SqlClient } from "../sql-clients.ts";
import type { OpenStore } from "../stores.ts";
import { CAMPAIGN, VOUCHER } from "../subjects/oncecode.ts";

/** The number of customers whose publications are listed. */
export const LISTED_CUSTOMERS = 1000;
/** The publications of each of these customers, for every length of the list. Each other publication has its own customer. */
const PUBLICATIONS_PER_CUSTOMER = 5;

/** Publishes once by the engine, and lets the database copy that publication. */
const copyPublication = async (sqlClient: SqlClient, count: number): Promise<void> => {
  const table = sqlClient.table("publications");
  const [template] = await sqlClient.rows(`select * from ${table}`);
  if (template === undefined) throw new Error("There is no publication to multiply");
  const customer = `case when n % ${Math.ceil(count / LISTED_CUSTOMERS / PUBLICATIONS_PER_CUSTOMER)} = 0
    then concat('cust_', 1 + (${sqlClient.integerQuotient(Math.ceil(count / LISTED_CUSTOMERS / PUBLICATIONS_PER_CUSTOMER))}) % ${LISTED_CUSTOMERS}) else concat('other_', n) end`;
  const columnValues: Readonly<Record<string, string>> = {
    id: "concat('pub_', n)",
    created_at: sqlClient.instant,
    customer_id: customer,
    source_id: "concat('order-', n)",
    channel: "concat('channel-', n % 7)",
    codes: `concat('["CODE-', n, '"]')`,
    voucher_ids: `concat('["v_', n, '"]')`,
    metadata: `concat('{"tier":"tier-', n % 10, '"}')`,
  };
  const columns = Object.keys(template);
  const values = columns.map((column) => columnValues[column] ?? `m.${column}`);
  await sqlClient.run(`
    insert into ${table} (${columns.join()}) select ${values.join()}
    from (select * from ${table} limit 1) as m cross join ${sqlClient.numbers(count)}`);
  await sqlClient.analyzeAndFlush();
};

const CHUNK = 1000;

/** For a store without tables: failed publications, which need no vouchers and are in lists, too. */
const recordFailures = async (repository: Repository, count: number): Promise<void> => {
  const interval = Math.max(1, Math.floor(count / LISTED_CUSTOMERS / PUBLICATIONS_PER_CUSTOMER));
  const customers = Array.from({ length: LISTED_CUSTOMERS }, (_, i) => customer({ id: customerId(`cust_${i + 1}`) }));
  const other = customer({ id: customerId("other") });
  await repository.put("customers", [...customers, other].map(creation));
  for (let n = 0; n < count; n += CHUNK)
    await repository.record(
      Array.from({ length: Math.min(CHUNK, count - n) }, (_, i) => {
        const hasListedCustomer = (n + i) % interval === 0;
        const owner = hasListedCustomer ? customers[Math.floor((n + i) / interval) % LISTED_CUSTOMERS] : other;
        const createdAt = instant(new Date(1_767_225_600_000 + 1000 * (n + i)).toISOString());
        const details = { createdAt, channel: `channel-${i % 7}`, metadata: { tier: `tier-${i % 10}` } };
        return failedDraft(details, knownCustomer(owner ?? other));
      }),
    );
};

/** Adds `count` publications as fast as the store allows. */
export const fillPublications = async ({ repository, sqlClient }: OpenStore, count: number): Promise<void> => {
  if (sqlClient === null) return recordFailures(repository, count);
  const engine = createEngine({ repository });
  await engine.campaigns.create({ name: CAMPAIGN, vouchersCount: 1, voucher: VOUCHER });
  await engine.publications.create({ campaign: CAMPAIGN, customer: { sourceId: "model" } });
  await copyPublication(sqlClient, count);
};
