import { type Repository, where } from "oncecode";
import { campaign, campaignSelection, creation, draft, key, voucherSelection, vouchersOf } from "oncecode/conformance";
import { type PostgresStatement, postgresRepository } from "oncecode/postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import {
  INDEXED_ORDERS,
  MATCH_ALL,
  NEWEST_LISTS,
  newestQuery,
  POSITION,
  SELECTIVE_LISTS,
} from "../../support/plan-queries.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";
import { insertBulkRows } from "./bulk-rows.ts";
import { observePool } from "./observed-pool.ts";

/** With fewer rows the planner would not use the indexes. The benchmarks run with a million rows. */
const SIZE = 30_000;

/** PostgreSQL has no such index, because a publication must not change an indexed column of vouchers. */
const HOLDERS = "vouchers_by_holder";

const databases = postgresDatabases();
const statements: PostgresStatement[] = [];
let repository: Repository;

/** The plans of all statements that `act` runs. */
const plansOf = async (act: (repository: Repository) => Promise<unknown>): Promise<readonly string[]> => {
  statements.length = 0;
  await act(repository);
  const plans: string[] = [];
  for (const { text, values } of statements.filter(
    (statement) => !/^(start transaction|commit|rollback)/.test(statement.text),
  )) {
    const { rows } = await databases.pool.query(`explain ${text}`, values);
    plans.push(...rows.map((row) => row["QUERY PLAN"]));
  }
  return plans;
};

beforeAll(async () => {
  // In a schema that other tests have used, the plans would depend on the statistics of their rows.
  const schema = databases.newSchema();
  repository = await postgresRepository({
    pool: observePool(databases.pool, (statement) => statements.push(statement)),
    schema,
    ...ignoreUnsafeSettings,
  });
  await insertBulkRows(databases.pool, schema, SIZE);
});

/** An incremental sort is cheap, because it sorts only rows with equal keys. */
const isSlow = (step: string): boolean => /Seq Scan on oncecode_|(?<!Incremental )Sort {2}/.test(step);

describe("a page of the newest", () => {
  it.each(NEWEST_LISTS.filter(([, , index]) => index !== HOLDERS))(
    "of %s, %j, is read from the index %s, also after a cursor",
    async (kind, filter, index) => {
      for (const after of [null, POSITION]) {
        const plan = await plansOf((store) => store.page(newestQuery(kind, filter, { after })));
        expect(plan.join("\n")).toContain(`using oncecode_${index} on`);
        expect(plan.filter(isSlow)).toEqual([]);
      }
    },
  );
});

describe("a page", () => {
  it.each([where("holderId").is("cust_2"), where("holderId").in(["cust_2", "cust_4"])])(
    "of the vouchers of a holder, %j, reads only the claims of that holder",
    async (filter) => {
      for (const after of [null, POSITION]) {
        const plan = await plansOf((store) => store.page(newestQuery("vouchers", filter, { after })));
        expect(plan.join("\n")).toContain("oncecode_claims_by_holder");
        expect(plan.join("\n")).toContain("oncecode_vouchers_pkey");
        expect(plan.filter((step) => step.includes("Seq Scan"))).toEqual([]);
      }
    },
  );

  it.each(SELECTIVE_LISTS)("of few %s, %j, reads few rows", async (kind, filter) => {
    const plan = await plansOf((store) => store.page(newestQuery(kind, filter)));
    expect(plan.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step))).toEqual([]);
  });

  it.each(INDEXED_ORDERS)("of %s by %s is read from an index", async (kind, by) => {
    const plan = await plansOf((store) => store.page(newestQuery(kind, MATCH_ALL, { by })));
    expect(plan.filter(isSlow)).toEqual([]);
  });
});

/** The first word of each statement that `act` runs. */
const statementsOf = async (act: (repository: Repository) => Promise<unknown>): Promise<readonly string[]> => {
  statements.length = 0;
  await act(repository);
  return statements.map(({ text }) => /\w+/.exec(text)?.[0] ?? "");
};

describe("publishing", () => {
  it("takes one statement for draws, and a snapshot and a claim for a named voucher", async () => {
    const owner = campaign();
    const vouchers = vouchersOf(owner, 40);
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchers);
    const draws = Array.from({ length: 3 }, (_, i) =>
      draft(campaignSelection(owner, { startRank: i / 3 }), { keys: [key(`draw ${i}`)] }),
    );
    expect(await statementsOf((store) => store.settle(draws))).toEqual(["with"]);
    expect(await statementsOf((store) => store.settle([draft(campaignSelection(owner, { count: 3 }))]))).toEqual([
      "with",
    ]);
    const [named] = (
      await repository.find(
        "vouchers",
        vouchers.map(({ id }) => ({ id })),
      )
    ).filter((voucher) => voucher?.publicationId === null);
    expect(await statementsOf((store) => store.settle([draft(voucherSelection(named!))]))).toEqual(["select", "with"]);
  });

  it("scans no table, sorts nothing, and draws along the index of the pool", async () => {
    const owner = campaign();
    const vouchers = vouchersOf(owner, 4);
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchers);
    const plans = await plansOf(async (store) => {
      await store.settle([
        draft(campaignSelection(owner), { keys: [key("k")] }),
        draft(voucherSelection(vouchers[0]!)),
      ]);
      await store.settle([draft(campaignSelection(owner, { count: 5, fresh: vouchersOf(owner, 9) }))]);
    });
    expect(plans.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step))).toEqual([]);
    expect(plans.filter((step) => /Sort Key: .*(rank|\bv\.)/.test(step))).toEqual([]);
    expect(plans.some((step) => step.includes("using oncecode_pool_by_rank"))).toBe(true);
  });

  it.each([1, 10, 50])("draws along the index of the pool for 64 drafts of %i codes", async (count) => {
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchersOf(owner, 64 * count));
    const drafts = Array.from({ length: 64 }, () => draft(campaignSelection(owner, { count })));
    const plans = await plansOf((store) => store.settle(drafts));
    expect(plans.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step))).toEqual([]);
    expect(plans.filter((step) => /Sort Key: .*(rank|\bv\.)/.test(step))).toEqual([]);
    expect(plans.some((step) => step.includes("using oncecode_pool_by_rank"))).toBe(true);
  });
});
