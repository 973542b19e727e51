import { type Query, type Repository, where } from "oncecode";
import { campaign, creation, draft, key, takeFrom, vouchersOf } from "oncecode/conformance";
import type { PostgresStatement } from "oncecode/postgres";
import type pg from "pg";
import { EVERYTHING, newest } from "../test/plans.ts";

const LISTS: readonly Query[] = [
  newest("publications", EVERYTHING),
  newest("publications", where("customerId").is("cust_8")),
  newest("publications", where("campaign").is("spring-1")),
  newest("publications", where("parentObjectId").is("camp_1")),
  newest("publications", where("sourceId").is("order-8")),
  newest("publications", where("voucherCode").is("CODE-8")),
  newest("vouchers", EVERYTHING),
  newest("vouchers", where("campaignId").is("camp_1")),
  newest("vouchers", where("holderId").is("cust_8")),
  newest("customers", where("sourceId").is("shop-8")),
];

/** Sorts of a few rows that an index has found are left out; a sort of a table never goes without a scan of it. */
const slowSteps = (plan: readonly string[]): readonly string[] =>
  plan.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step));

/** What PostgreSQL does with the claim and with each list where there are many rows: how long, and what it goes through. */
export const publicationPlans = async (
  pool: pg.Pool,
  repository: Repository,
  seen: PostgresStatement[],
): Promise<readonly string[]> => {
  const lines: string[] = [];
  const explain = async (title: string, act: () => Promise<unknown>): Promise<void> => {
    await act(); // What it reads is in memory from now on.
    seen.length = 0;
    await act();
    const statements = seen.filter(({ text }) => /^\s*(?:select|with)\b/.test(text));
    for (const { text, values } of statements) {
      const client = await pool.connect();
      await client.query("begin");
      const { rows } = await client.query(`explain (analyze) ${text}`, values);
      await client.query("rollback");
      client.release();
      const plan = rows.map((row): string => row["QUERY PLAN"]);
      const slow = slowSteps(plan);
      const took = plan.find((step) => step.startsWith("Execution Time"))?.replace("Execution Time: ", "");
      const indexes = [...new Set(plan.flatMap((step) => step.match(/(?<=using oncecode_)\w+/) ?? []))];
      lines.push(
        `${title}: ${took}, ${slow.length === 0 ? "no table scanned" : slow.join("; ")} [${indexes.join(", ")}]`,
      );
    }
  };
  const owner = campaign();
  await repository.put("campaigns", [creation(owner)]);
  await repository.add(vouchersOf(owner, 64));
  let keys = 0;
  await explain("settle", () => repository.settle([draft(takeFrom(owner), { keys: [key(`key ${keys++}`)] })]));
  for (const query of LISTS)
    await explain(`list ${query.kind} ${JSON.stringify(query.filter)}`, () => repository.page(query));
  return lines;
};
