import { type Filter, type Query, type Repository, where } from "oncecode";
import { campaign, creation, draft, failedDraft, key, takeFrom, takeNamed, vouchersOf } from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { newFile, openHandle } from "./sqlite/folder.ts";
import { watched } from "./sqlite/handles.ts";

/** How SQLite would run each statement that a call of `act` runs. */
let plansOf: (act: (repository: Repository) => Promise<unknown>) => Promise<readonly string[]>;

beforeEach(async () => {
  const handle = openHandle(await newFile());
  const seen = new Map<string, readonly (null | number | string)[]>();
  const repository = await sqliteRepository({ handle: watched(handle, (sql, values) => void seen.set(sql, values)) });
  plansOf = async (act) => {
    seen.clear();
    await act(repository);
    return [...seen]
      .filter(([sql]) => /^\s*(?:select|insert|update|delete)\b.*oncecode_/s.test(sql))
      .flatMap(([sql, values]) => handle.prepare(`explain query plan ${sql}`).all(...values))
      .map(({ detail }) => String(detail));
  };
});

/** Of what it reads, only the list of operands is gone through from end to end. */
const isSlow = (plan: string): boolean => /\bSCAN (?!json_each|CONSTANT|.* VIRTUAL TABLE)|TEMP B-TREE/.test(plan);

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
    ["publications", where("customerId").is("cust_1"), "publications_by_customer (customer_id=?)"],
    ["publications", where("customer").is("cust_1"), "publications_by_customer (customer_id=?)"],
    ["publications", where("campaign").is("spring"), "publications_by_campaign (campaign=?)"],
    ["publications", where("campaignName").is("spring"), "publications_by_campaign (campaign=?)"],
    ["publications", where("parentObjectId").is("camp_1"), "publications_by_campaign_id (campaign_id=?)"],
    ["publications", where("sourceId").is("order-1"), "publications_by_source (source_id=?)"],
    ["vouchers", EVERYTHING, "vouchers_by_time"],
    ["vouchers", where("campaign").is("spring"), "vouchers_by_campaign (campaign=?)"],
    ["vouchers", where("campaignId").is("camp_1"), "vouchers_by_campaign_id (campaign_id=?)"],
    ["vouchers", where("holderId").is("cust_1"), "vouchers_by_holder (holder_id=?)"],
    ["campaigns", EVERYTHING, "campaigns_by_time"],
    ["customers", EVERYTHING, "customers_by_time"],
  ] as const)("of %s, %j, is read off %s", async (kind, filter, index) => {
    const plan = await plansOf((repository) => repository.page(newest(kind, filter)));
    expect(plan).toEqual([expect.stringContaining(`INDEX oncecode_${index}`)]);
  });

  it.each([
    ["publications", EVERYTHING, "publications_by_time ((created_at,id)<(?,?))"],
    ["publications", where("customerId").is("c"), "publications_by_customer (customer_id=? AND (created_at,id)<(?,?))"],
    ["publications", where("campaign").is("c"), "publications_by_campaign (campaign=? AND (created_at,id)<(?,?))"],
    ["vouchers", where("campaignId").is("c"), "vouchers_by_campaign_id (campaign_id=? AND (created_at,id)<(?,?))"],
  ] as const)("of %s, %j, after a cursor, starts there: %s", async (kind, filter, index) => {
    const after = { value: "2026-03-02T09:15:04.120Z", id: "pub_1" };
    const plan = await plansOf((repository) => repository.page(newest(kind, filter, { after })));
    expect(plan).toEqual([expect.stringContaining(`INDEX oncecode_${index}`)]);
  });

  it("reads the oldest from the other end", async () => {
    const plan = await plansOf((repository) =>
      repository.page(newest("publications", EVERYTHING, { descending: false })),
    );
    expect(plan).toEqual([expect.stringContaining("oncecode_publications_by_time")]);
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
    ["campaigns", where("name").is("spring")],
  ] as const)("of few %s, %j, looks at few", async (kind, filter) => {
    const plan = await plansOf((repository) => repository.page(newest(kind, filter)));
    expect(plan.filter((step) => /SCAN oncecode/.test(step))).toEqual([]);
  });

  it.each([
    ["publications", "id"],
    ["vouchers", "id"],
    ["vouchers", "code"],
    ["campaigns", "name"],
  ] as const)("of %s by %s is read off an index", async (kind, by) => {
    const plan = await plansOf((repository) => repository.page(newest(kind, EVERYTHING, { by })));
    expect(plan).toEqual([expect.stringContaining("USING INDEX")]);
  });
});

describe("a write", () => {
  it("goes through no table and sorts nothing", async () => {
    const owner = campaign();
    const vouchers = vouchersOf(owner, 4);
    const plans = await plansOf(async (repository) => {
      await repository.put("campaigns", [creation(owner)]);
      await repository.add(vouchers);
      await repository.settle([draft(takeFrom(owner), { keys: [key("k")] }), draft(takeNamed(vouchers[0]!))]);
      await repository.settle([draft(takeFrom(owner, { count: 5, fresh: vouchersOf(owner, 9) }))]);
      await repository.record([failedDraft()]);
      await repository.remove("campaigns", [owner.id]);
    });
    expect(plans.length).toBeGreaterThan(20);
    expect(plans.filter(isSlow)).toEqual([]);
  });

  it("draws along the index of the pool", async () => {
    const owner = campaign();
    const plans = await plansOf(async (repository) => {
      await repository.put("campaigns", [creation(owner)]);
      await repository.add(vouchersOf(owner, 4));
      await repository.settle([draft(takeFrom(owner, { at: 0.5, count: 5 }))]);
    });
    expect(plans).toContain(
      "SEARCH oncecode_vouchers USING INDEX oncecode_vouchers_in_pool (campaign_id=? AND rank>?)",
    );
    expect(plans).toContain(
      "SEARCH oncecode_vouchers USING INDEX oncecode_vouchers_in_pool (campaign_id=? AND rank<?)",
    );
  });
});
