import type { Engine } from "oncecode";
import { describe, expect, it } from "vitest";
import { CAUSE, everyCall, type Fault, failingEngine, firstCalls, type Method } from "../support/failing-repository.ts";
import {
  allCodes,
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  errorOf,
  type Fixture,
  NOW,
} from "../support/fixture.ts";
import { overrideMethods } from "../support/override-methods.ts";
import { allStores } from "../support/stores.ts";

/** Changes other than publications: the method of the store, the change, and the expected result. */
const CHANGES: readonly {
  readonly title: string;
  readonly method: Method;
  readonly act: (engine: Engine) => Promise<unknown>;
  readonly see: (engine: Engine) => Promise<unknown>;
  readonly afterwards: unknown;
}[] = [
  {
    title: "creating a campaign",
    method: "put",
    act: ({ campaigns }) => campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 3 }),
    see: ({ campaigns }) => campaigns.summary("autumn"),
    afterwards: { total: 3, published: 0, available: 3, failed: 0 },
  },
  {
    title: "making a campaign's vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 3 }),
    see: ({ campaigns }) => campaigns.summary("autumn"),
    afterwards: { total: 3, published: 0, available: 3, failed: 0 },
  },
  {
    title: "changing a campaign",
    method: "put",
    act: ({ campaigns }) => campaigns.update("spring", { description: "new" }),
    see: ({ campaigns }) => campaigns.get("spring"),
    afterwards: { description: "new", updatedAt: NOW },
  },
  {
    title: "adding random vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.addVouchers("spring", { count: 3 }),
    see: ({ campaigns }) => campaigns.summary("spring"),
    afterwards: { total: 5 },
  },
  {
    title: "adding given vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.addVouchers("spring", { codes: ["C", "D"] }),
    see: allCodes,
    afterwards: ["A", "B", "C", "D"],
  },
  {
    title: "importing vouchers",
    method: "add",
    act: async ({ campaigns }) =>
      expect(await campaigns.importVouchers("spring", ["C", "D"])).toEqual({ imported: 2, refused: [] }),
    see: allCodes,
    afterwards: ["A", "B", "C", "D"],
  },
  {
    title: "creating a voucher",
    method: "add",
    act: ({ vouchers }) => vouchers.create({ code: "SOLO", ...DISCOUNT }),
    see: allCodes,
    afterwards: ["A", "B", "SOLO"],
  },
  {
    title: "changing a voucher",
    method: "put",
    act: ({ vouchers }) => vouchers.disable("A"),
    see: ({ vouchers }) => vouchers.get("A"),
    afterwards: { active: false },
  },
  {
    title: "deleting a voucher",
    method: "remove",
    act: ({ vouchers }) => vouchers.delete("A"),
    see: allCodes,
    afterwards: ["B"],
  },
  {
    title: "deleting a campaign",
    method: "remove",
    act: ({ campaigns }) => campaigns.delete("spring"),
    see: allCodes,
    afterwards: [],
  },
  {
    title: "making a customer",
    method: "put",
    act: ({ customers }) => customers.upsert({ sourceId: "shop-2", name: "Bob" }),
    see: ({ customers }) => customers.get("shop-2"),
    afterwards: { name: "Bob" },
  },
  {
    title: "changing a customer",
    method: "put",
    act: ({ customers }) => customers.update("shop-1", { name: "Anna" }),
    see: ({ customers }) => customers.get("shop-1"),
    afterwards: { name: "Anna" },
  },
  {
    title: "deleting a customer",
    method: "remove",
    act: ({ customers }) => customers.delete("shop-1"),
    see: ({ customers }) => customers.list().then(({ data }) => data),
    afterwards: [],
  },
];

describe.each(allStores)("a change with a failing store on %s", (_, open) => {
  const prepared = async (): Promise<Fixture> => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    await fixture.customers.upsert({ sourceId: "shop-1", name: "Ann" });
    return fixture;
  };

  describe.each<Fault>(["before", "after"])("by losing the call %s it takes effect, once", (fault) => {
    it.each(CHANGES)("is made nevertheless: $title", async ({ method, act, see, afterwards }) => {
      const fixture = await prepared();
      await act(failingEngine(fixture, method, firstCalls(fault)));
      const result = await see(fixture.engine);
      if (Array.isArray(afterwards)) expect(result).toEqual(afterwards);
      else expect(result).toMatchObject(afterwards as object);
    });
  });

  it.each(CHANGES)("has an unknown outcome if the store never answers: $title", async ({ method, act }) => {
    const fixture = await prepared();
    const error = await errorOf(act(failingEngine(fixture, method, everyCall("before"))));
    expect(error).toMatchObject({ code: "outcome_unknown", publicationId: null, cause: CAUSE });
  });

  it.each(CHANGES.filter(({ title }) => title !== "making a campaign's vouchers"))(
    "has failed and changed nothing if the store refuses: $title",
    async ({ method, act }) => {
      const fixture = await prepared();
      const before = await contents(fixture.engine);
      const error = await errorOf(act(failingEngine(fixture, method, everyCall("refused"))));
      expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
      expect(await contents(fixture.engine)).toEqual(before);
    },
  );

  it("that fails halfway reports how many vouchers were certainly added", async () => {
    const fixture = await prepared();
    const { campaigns } = failingEngine(fixture, "add", (call) => (call === 2 ? "refused" : undefined));
    const error = await errorOf(campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 20_000 }));
    expect(error).toMatchObject({ code: "storage_failed", done: expect.any(Number) });
    const done = Number(Reflect.get(error, "done"));
    expect(done).toBeGreaterThan(0);
    expect(await fixture.campaigns.summary("autumn")).toMatchObject({ total: done });
  });

  it.each<Fault>(["refused", "before"])(
    "half-way through codes that others have says how many vouchers were certainly added: %s",
    async (fault) => {
      const fixture = await prepared();
      const voucher = { ...DISCOUNT, codeConfig: { charset: "0123456789", length: 2 } };
      await fixture.campaigns.create({ name: "summer", voucher, vouchersCount: 50 });
      const { campaigns } = failingEngine(fixture, "add", (call) => (call > 0 ? fault : undefined));
      const error = await errorOf(campaigns.create({ name: "autumn", voucher, vouchersCount: 50 }));
      const { total } = await fixture.campaigns.summary("autumn");
      expect(total).toBeGreaterThan(0);
      expect(Reflect.get(error, "done")).toBe(total);
    },
  );
});

describe.each(allStores)("a read with a failing store on %s", (_, open) => {
  it.each<[string, Method, (engine: Engine) => Promise<unknown>]>([
    ["getting a campaign", "find", ({ campaigns }) => campaigns.get("spring")],
    ["getting a voucher", "find", ({ vouchers }) => vouchers.get("A")],
    ["getting a customer", "find", ({ customers }) => customers.get("shop-1")],
    ["a summary", "count", ({ campaigns }) => campaigns.summary("spring")],
    ["a list", "page", ({ vouchers }) => vouchers.list()],
    ["a total", "count", async ({ vouchers }) => (await vouchers.list()).total()],
    ["counting", "count", ({ publications }) => publications.count()],
    ["iterating", "page", allPublications],
    ["resolving", "find", ({ publications }) => publications.resolve("pub_1")],
  ])("has failed: %s", async (_what, method, ask) => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A"]);
    const error = await errorOf(ask(failingEngine(fixture, method, everyCall("before"))));
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
  });

  it("is an error of the engine even if the store throws something else", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A"]);
    const throwing = overrideMethods(fixture.repository, {
      find: () => {
        throw "out of order";
      },
      settle: () => Promise.reject(undefined),
    });
    const { campaigns } = fixture.anotherEngine({ repository: throwing });
    expect(await errorOf(campaigns.get("spring"))).toMatchObject({ code: "storage_failed", cause: "out of order" });
    const silent = fixture.anotherEngine({
      repository: overrideMethods(fixture.repository, { settle: () => Promise.reject(undefined) }),
    });
    expect(await errorOf(silent.publications.create({ campaign: "spring", customer: "shop-1" }))).toMatchObject({
      code: "outcome_unknown",
    });
  });
});
