import { type Filter, type Query, type Repository, where } from "oncecode";
import { campaign, creation, draft, key, takeFrom, takeNamed, vouchersOf } from "oncecode/conformance";
import { type PostgresStatement, postgresRepository } from "oncecode/postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { filled } from "./postgres/filling.ts";
import { postgresShelves, trusting } from "./postgres/schemas.ts";
import { watched } from "./postgres/watching.ts";

/** Enough for the planner to care. What it does with a million is in the figures. */
const SIZE = 30_000;

const shelves = postgresShelves();
const seen: PostgresStatement[] = [];
let repository: Repository;

/** How PostgreSQL would run each statement that a call of `act` runs. */
const plansOf = async (act: (repository: Repository) => Promise<unknown>): Promise<readonly string[]> => {
  seen.length = 0;
  await act(repository);
  const plans: string[] = [];
  for (const { text, values } of seen.filter(
    (statement) => !/^(start transaction|commit|rollback)/.test(statement.text),
  )) {
    const { rows } = await shelves.pool.query(`explain ${text}`, values);
    plans.push(...rows.map((row) => row["QUERY PLAN"]));
  }
  return plans;
};

beforeAll(async () => {
  const { schema } = await shelves.open();
  repository = await postgresRepository({
    pool: watched(shelves.pool, (statement) => seen.push(statement)),
    schema,
    ...trusting,
  });
  await filled(shelves.pool, schema, SIZE);
});

/** An incremental sort is one of ties, and what is unique has none. */
const isSlow = (step: string): boolean => /Seq Scan on oncecode_|(?<!Incremental )Sort {2}/.test(step);

const EVERYTHING: Filter = { type: "and", filters: [] };

const newest = (kind: Query["kind"], filter: Filter, details: Partial<Query> = {}): Query => ({
  kind,
  filter,
  by: "createdAt",
  descending: true,
  after: null,
  offset: 0,
  limit: 10,
  ...details,
});

describe("a page of the newest", () => {
  it.each([
    ["publications", EVERYTHING, "publications_by_time"],
    ["publications", where("customerId").is("cust_1"), "publications_by_customer"],
    ["publications", where("campaign").is("spring-1"), "publications_by_campaign"],
    ["publications", where("parentObjectId").is("camp_1"), "publications_by_campaign_id"],
    ["publications", where("sourceId").is("order-1"), "publications_by_source"],
    ["vouchers", EVERYTHING, "vouchers_by_time"],
    ["vouchers", where("campaign").is("spring-1"), "vouchers_by_campaign"],
    ["vouchers", where("campaignId").is("camp_1"), "vouchers_by_campaign_id"],
    ["vouchers", where("holderId").is("cust_1"), "vouchers_by_holder"],
    ["campaigns", EVERYTHING, "campaigns_by_time"],
    ["customers", EVERYTHING, "customers_by_time"],
  ] as const)("of %s, %j, is read off %s, also after a cursor", async (kind, filter, index) => {
    for (const after of [null, { value: "2026-03-02T09:15:04.120Z", id: "pub_1" }]) {
      const plan = await plansOf((store) => store.page(newest(kind, filter, { after })));
      expect(plan.join("\n")).toContain(`using oncecode_${index} on`);
      expect(plan.filter(isSlow)).toEqual([]);
    }
  });
});

describe("a page", () => {
  it.each([
    ["publications", where("voucherCode").is("A")],
    ["publications", where("relatedObjectId").in(["v_1", "v_2"])],
    ["publications", where("id").in(["pub_1", "pub_2"])],
    ["publications", where("customerId").in(["cust_1", "cust_2"])],
    ["vouchers", where("code").is("A")],
    ["vouchers", where("id").in(["v_1", "v_2"])],
    ["customers", where("sourceId").is("shop-1")],
    ["campaigns", where("name").is("spring-1")],
  ] as const)("of few %s, %j, looks at few", async (kind, filter) => {
    const plan = await plansOf((store) => store.page(newest(kind, filter)));
    expect(plan.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step))).toEqual([]);
  });

  it.each([
    ["publications", "id"],
    ["vouchers", "id"],
    ["vouchers", "code"],
  ] as const)("of %s by %s is read off an index", async (kind, by) => {
    const plan = await plansOf((store) => store.page(newest(kind, EVERYTHING, { by })));
    expect(plan.filter(isSlow)).toEqual([]);
  });
});

describe("publishing", () => {
  it("goes through no table, sorts nothing, and draws along the index of the pool", async () => {
    const owner = campaign();
    const vouchers = vouchersOf(owner, 4);
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchers);
    const plans = await plansOf(async (store) => {
      await store.settle([draft(takeFrom(owner), { keys: [key("k")] }), draft(takeNamed(vouchers[0]!))]);
      await store.settle([draft(takeFrom(owner, { count: 5, fresh: vouchersOf(owner, 9) }))]);
    });
    expect(plans.filter((step) => /Seq Scan on oncecode_(?!campaigns)/.test(step))).toEqual([]);
    expect(plans.filter((step) => /Sort Key: .*(rank|\bv\.)/.test(step))).toEqual([]);
    expect(plans.some((step) => step.includes("using oncecode_vouchers_in_pool"))).toBe(true);
  });
});
