import { createEngine, type Repository } from "oncecode";
import { creation, customer, customerId, failedDraft, instant, knownCustomer } from "oncecode/conformance";
import { CAMPAIGN, VOUCHER } from "../contenders/oncecode.ts";
import type { Shell } from "../shells.ts";
import type { OpenedStore } from "../stores.ts";

/** Customers whose publications are listed. */
export const CUSTOMERS = 1000;
/** Publications of one of them, however long the list is: the others are of somebody else each. */
const EACH = 5;

/** One publication by the engine, and the others in its likeness, made by the database. */
const multiply = async (shell: Shell, count: number): Promise<void> => {
  const table = shell.table("publications");
  const [model] = await shell.rows(`select * from ${table}`);
  if (model === undefined) throw new Error("There is no publication to multiply");
  const customer = `case when n % ${Math.ceil(count / CUSTOMERS / EACH)} = 0
    then concat('cust_', 1 + (${shell.quotient(Math.ceil(count / CUSTOMERS / EACH))}) % ${CUSTOMERS}) else concat('other_', n) end`;
  const made: Readonly<Record<string, string>> = {
    id: "concat('pub_', n)",
    created_at: shell.instant,
    customer_id: customer,
    source_id: "concat('order-', n)",
    channel: "concat('channel-', n % 7)",
    codes: `concat('["CODE-', n, '"]')`,
    voucher_ids: `concat('["v_', n, '"]')`,
    metadata: `concat('{"tier":"tier-', n % 10, '"}')`,
  };
  const columns = Object.keys(model);
  const values = columns.map((column) => made[column] ?? `m.${column}`);
  await shell.run(`
    insert into ${table} (${columns.join()}) select ${values.join()}
    from (select * from ${table} limit 1) as m cross join ${shell.numbers(count)}`);
  await shell.settle();
};

const CHUNK = 1000;

/** Failures, for a store that has no tables: they need no vouchers, and are listed like all others. */
const record = async (repository: Repository, count: number): Promise<void> => {
  const spread = Math.max(1, Math.floor(count / CUSTOMERS / EACH));
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => customer({ id: customerId(`cust_${i + 1}`) }));
  const other = customer({ id: customerId("other") });
  await repository.put("customers", [...customers, other].map(creation));
  for (let n = 0; n < count; n += CHUNK)
    await repository.record(
      Array.from({ length: Math.min(CHUNK, count - n) }, (_, i) => {
        const isTheirs = (n + i) % spread === 0;
        const owner = isTheirs ? customers[Math.floor((n + i) / spread) % CUSTOMERS] : other;
        const createdAt = instant(new Date(1_767_225_600_000 + 1000 * (n + i)).toISOString());
        const details = { createdAt, channel: `channel-${i % 7}`, metadata: { tier: `tier-${i % 10}` } };
        return failedDraft(details, knownCustomer(owner ?? other));
      }),
    );
};

/** So many publications, made as fast as the store allows. */
export const fillPublications = async ({ repository, shell }: OpenedStore, count: number): Promise<void> => {
  if (shell === null) return record(repository, count);
  const engine = createEngine({ repository });
  await engine.campaigns.create({ name: CAMPAIGN, vouchersCount: 1, voucher: VOUCHER });
  await engine.publications.create({ campaign: CAMPAIGN, customer: { sourceId: "model" } });
  await multiply(shell, count);
};
