import { type Engine, type Repository, unchanged } from "oncecode";
import { describe, expect, it } from "vitest";
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

/** A call that never reached the store, one whose answer was lost, and one that the store refused for certain. */
type Fault = "before" | "after" | "refused";
type Method = "settle" | "record" | "add" | "find" | "put" | "remove" | "page" | "count";

const CAUSE = new Error("The store is out of order");

const callWithFault = async <A>(fault: Fault | undefined, call: () => Promise<A>): Promise<A> => {
  if (fault === "refused") throw unchanged(CAUSE);
  if (fault === "before") throw CAUSE;
  const answer = await call();
  if (fault === "after") throw CAUSE;
  return answer;
};

/** A repository whose method fails like this, call by call; `undefined` is a call that works. */
const failingRepository = (
  inner: Repository,
  method: Method,
  fault: (call: number) => Fault | undefined,
): Repository => {
  let calls = 0;
  const work = inner[method] as (...args: unknown[]) => Promise<never>;
  return overrideMethods(inner, {
    [method]: (...args: unknown[]) => callWithFault(fault(calls++), () => work(...args)),
  });
};

const firstCalls =
  (...faults: readonly Fault[]) =>
  (call: number) =>
    faults[call];
const everyCall = (fault: Fault) => () => fault;

/** An engine on the same store, of which a method fails. */
const failingEngine = (here: Fixture, method: Method, fault: (call: number) => Fault | undefined): Engine =>
  here.anotherEngine({ repository: failingRepository(here.repository, method, fault) });

describe.each(allStores)("a publication that the store answers badly on %s", (_, open) => {
  const request = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" } } as const;

  it.each<[string, readonly Fault[]]>([
    ["is lost on its way", ["before"]],
    ["is lost on its way back", ["after"]],
    ["is lost on its way back, twice", ["after", "after"]],
    ["is lost on its way, and then on its way back", ["before", "after"]],
    ["is lost on its way back, and then refused", ["after", "refused"]],
  ])("is made once, where it %s", async (_what, faults) => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B", "C"]);
    const publication = await failingEngine(here, "settle", firstCalls(...faults)).publications.create(request);
    expect(publication).toMatchObject({ result: "SUCCESS", voucher: { code: publication.codes[0] } });
    expect(await allPublications(here.engine)).toEqual([publication]);
    expect(await here.campaigns.summary("spring")).toEqual({ total: 3, published: 1, available: 2, failed: 0 });
  });

  it("is looked for when no answer comes at all", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    const publication = await failingEngine(here, "settle", everyCall("after")).publications.create(request);
    expect(await allPublications(here.engine)).toEqual([publication]);
    expect(await here.campaigns.summary("spring")).toMatchObject({ published: 1, available: 1 });
  });

  it("is unknown when the store falls silent, and can be resolved later, if it was made", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    let silent = false;
    const silencing = failingRepository(here.repository, "settle", everyCall("after"));
    const repository = overrideMethods(silencing, {
      settle: (drafts) => {
        silent = true;
        return silencing.settle(drafts);
      },
      find: (kind, refs) => callWithFault(silent ? "before" : undefined, () => here.repository.find(kind, refs)),
    });
    const error = await errorOf(here.anotherEngine({ repository }).publications.create(request));
    expect(error).toMatchObject({ code: "outcome_unknown", cause: CAUSE });
    const id = error.code === "outcome_unknown" ? (error.publicationId ?? "") : "";
    const resolved = await here.publications.resolve(id);
    expect(resolved).toMatchObject({ id, result: "SUCCESS", trackingId: "shop-1" });
    expect(await allPublications(here.engine)).toEqual([resolved]);
  });

  it("is unknown when the store falls silent, and can be resolved later, if it was not made", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    const before = await contents(here.engine);
    const error = await errorOf(failingEngine(here, "settle", everyCall("before")).publications.create(request));
    expect(error).toMatchObject({ code: "outcome_unknown", publicationId: expect.stringMatching(/^pub_/) });
    expect(await here.publications.resolve(Reflect.get(error, "publicationId"))).toBeNull();
    expect(await contents(here.engine)).toEqual(before);
    expect(await here.publications.create(request)).toMatchObject({ result: "SUCCESS" });
  });

  it("that the store refuses has failed, and nothing was written", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    const before = await contents(here.engine);
    const error = await errorOf(failingEngine(here, "settle", everyCall("refused")).publications.create(request));
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
    expect(await contents(here.engine)).toEqual(before);
  });

  it.each<Method>(["find", "page"])("that cannot be decided on since %s fails has failed", async (method) => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    await here.customers.upsert({ sourceId: "shop-1" });
    const before = await contents(here.engine);
    const error = await errorOf(
      failingEngine(here, method, everyCall("before")).publications.create({ ...request, joinOnce: true }),
    );
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
    expect(await contents(here.engine)).toEqual(before);
  });

  it.each<Fault>(["before", "after", "refused"])(
    "gives its error also when the failure cannot be recorded: %s",
    async (fault) => {
      const here = await createFixture(open);
      await createCampaignWithCodes(here.engine, "spring", []);
      await expect(failingEngine(here, "record", everyCall(fault)).publications.create(request)).rejects.toMatchObject({
        code: "no_voucher_suitable_for_publication",
      });
      expect(await allPublications(here.engine)).toHaveLength(fault === "after" ? 1 : 0);
    },
  );

  it("is put on record once when the answer to its failure is lost", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", []);
    await expect(failingEngine(here, "record", firstCalls("after")).publications.create(request)).rejects.toMatchObject(
      {
        code: "no_voucher_suitable_for_publication",
      },
    );
    expect(await allPublications(here.engine)).toMatchObject([{ result: "FAILURE", trackingId: "shop-1" }]);
  });

  it("is one of many that share a lost answer, of which each is made once", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B", "C", "D", "E"]);
    await here.campaigns.create({ name: "auto", type: "AUTO_UPDATE", voucher: DISCOUNT });
    const { publications } = failingEngine(here, "settle", firstCalls("after", "before", "after"));
    const made = await Promise.all([
      ...["a", "b", "c"].map((customer) => publications.create({ campaign: "spring", customer })),
      ...["a", "d"].map((customer) => publications.create({ campaign: "auto", customer })),
      publications.create({ campaign: "spring", customer: "e", sourceId: "order-1" }),
      publications.create({ campaign: "spring", customer: "e", sourceId: "order-1" }),
    ]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(6);
    expect(new Set(made.flatMap(({ codes }) => codes)).size).toBe(6);
    expect(await here.campaigns.summary("spring")).toEqual({ total: 5, published: 4, available: 1, failed: 0 });
    expect(await here.campaigns.summary("auto")).toEqual({ total: 2, published: 2, available: 0, failed: 0 });
  });

  it("may be asked for again by its source id, which settles the matter", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    const order = { ...request, sourceId: "order-1" };
    const made = await failingEngine(here, "settle", everyCall("after")).publications.create(order);
    await expect(failingEngine(here, "settle", everyCall("before")).publications.create(order)).resolves.toEqual(made);
    expect(await here.publications.create(order)).toEqual(made);
    expect(await here.campaigns.summary("spring")).toMatchObject({ published: 1 });
  });
});

/** What can be changed, apart from publications: by which method of the store, how, and what must be so afterwards. */
const CHANGES: readonly {
  readonly what: string;
  readonly method: Method;
  readonly act: (engine: Engine) => Promise<unknown>;
  readonly see: (engine: Engine) => Promise<unknown>;
  readonly afterwards: unknown;
}[] = [
  {
    what: "creating a campaign",
    method: "put",
    act: ({ campaigns }) => campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 3 }),
    see: ({ campaigns }) => campaigns.summary("autumn"),
    afterwards: { total: 3, published: 0, available: 3, failed: 0 },
  },
  {
    what: "making a campaign's vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 3 }),
    see: ({ campaigns }) => campaigns.summary("autumn"),
    afterwards: { total: 3, published: 0, available: 3, failed: 0 },
  },
  {
    what: "changing a campaign",
    method: "put",
    act: ({ campaigns }) => campaigns.update("spring", { description: "new" }),
    see: ({ campaigns }) => campaigns.get("spring"),
    afterwards: { description: "new", updatedAt: NOW },
  },
  {
    what: "adding random vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.addVouchers("spring", { count: 3 }),
    see: ({ campaigns }) => campaigns.summary("spring"),
    afterwards: { total: 5 },
  },
  {
    what: "adding given vouchers",
    method: "add",
    act: ({ campaigns }) => campaigns.addVouchers("spring", { codes: ["C", "D"] }),
    see: allCodes,
    afterwards: ["A", "B", "C", "D"],
  },
  {
    what: "importing vouchers",
    method: "add",
    act: async ({ campaigns }) =>
      expect(await campaigns.importVouchers("spring", ["C", "D"])).toEqual({ imported: 2, refused: [] }),
    see: allCodes,
    afterwards: ["A", "B", "C", "D"],
  },
  {
    what: "creating a voucher",
    method: "add",
    act: ({ vouchers }) => vouchers.create({ code: "SOLO", ...DISCOUNT }),
    see: allCodes,
    afterwards: ["A", "B", "SOLO"],
  },
  {
    what: "changing a voucher",
    method: "put",
    act: ({ vouchers }) => vouchers.disable("A"),
    see: ({ vouchers }) => vouchers.get("A"),
    afterwards: { active: false },
  },
  {
    what: "deleting a voucher",
    method: "remove",
    act: ({ vouchers }) => vouchers.delete("A"),
    see: allCodes,
    afterwards: ["B"],
  },
  {
    what: "deleting a campaign",
    method: "remove",
    act: ({ campaigns }) => campaigns.delete("spring"),
    see: allCodes,
    afterwards: [],
  },
  {
    what: "making a customer",
    method: "put",
    act: ({ customers }) => customers.upsert({ sourceId: "shop-2", name: "Bob" }),
    see: ({ customers }) => customers.get("shop-2"),
    afterwards: { name: "Bob" },
  },
  {
    what: "changing a customer",
    method: "put",
    act: ({ customers }) => customers.update("shop-1", { name: "Anna" }),
    see: ({ customers }) => customers.get("shop-1"),
    afterwards: { name: "Anna" },
  },
  {
    what: "deleting a customer",
    method: "remove",
    act: ({ customers }) => customers.delete("shop-1"),
    see: ({ customers }) => customers.list().then(({ data }) => data),
    afterwards: [],
  },
];

describe.each(allStores)("a change that the store answers badly on %s", (_, open) => {
  const prepared = async (): Promise<Fixture> => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    await here.customers.upsert({ sourceId: "shop-1", name: "Ann" });
    return here;
  };

  describe.each<Fault>(["before", "after"])("by losing the call %s it takes effect, once", (fault) => {
    it.each(CHANGES)("is made all the same: $what", async ({ method, act, see, afterwards }) => {
      const here = await prepared();
      await act(failingEngine(here, method, firstCalls(fault)));
      const seen = await see(here.engine);
      if (Array.isArray(afterwards)) expect(seen).toEqual(afterwards);
      else expect(seen).toMatchObject(afterwards as object);
    });
  });

  it.each(CHANGES)("for good is of unknown outcome: $what", async ({ method, act }) => {
    const here = await prepared();
    const error = await errorOf(act(failingEngine(here, method, everyCall("before"))));
    expect(error).toMatchObject({ code: "outcome_unknown", publicationId: null, cause: CAUSE });
  });

  it.each(CHANGES.filter(({ what }) => what !== "making a campaign's vouchers"))(
    "by refusing it has failed and changed nothing: $what",
    async ({ method, act }) => {
      const here = await prepared();
      const before = await contents(here.engine);
      const error = await errorOf(act(failingEngine(here, method, everyCall("refused"))));
      expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
      expect(await contents(here.engine)).toEqual(before);
    },
  );

  it("half-way says how many vouchers were certainly added", async () => {
    const here = await prepared();
    const { campaigns } = failingEngine(here, "add", (call) => (call === 2 ? "refused" : undefined));
    const error = await errorOf(campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 20_000 }));
    expect(error).toMatchObject({ code: "storage_failed", done: expect.any(Number) });
    const done = Number(Reflect.get(error, "done"));
    expect(done).toBeGreaterThan(0);
    expect(await here.campaigns.summary("autumn")).toMatchObject({ total: done });
  });

  it.each<Fault>(["refused", "before"])(
    "half-way through codes that others have says how many vouchers were certainly added: %s",
    async (fault) => {
      const here = await prepared();
      const voucher = { ...DISCOUNT, codeConfig: { charset: "0123456789", length: 2 } };
      await here.campaigns.create({ name: "summer", voucher, vouchersCount: 50 });
      const { campaigns } = failingEngine(here, "add", (call) => (call > 0 ? fault : undefined));
      const error = await errorOf(campaigns.create({ name: "autumn", voucher, vouchersCount: 50 }));
      const { total } = await here.campaigns.summary("autumn");
      expect(total).toBeGreaterThan(0);
      expect(Reflect.get(error, "done")).toBe(total);
    },
  );
});

describe.each(allStores)("a question that the store does not answer on %s", (_, open) => {
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
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A"]);
    const error = await errorOf(ask(failingEngine(here, method, everyCall("before"))));
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
  });

  it("is an error of the engine also when the store throws what is no error", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A"]);
    const throwing = overrideMethods(here.repository, {
      find: () => {
        throw "out of order";
      },
      settle: () => Promise.reject(undefined),
    });
    const { campaigns } = here.anotherEngine({ repository: throwing });
    expect(await errorOf(campaigns.get("spring"))).toMatchObject({ code: "storage_failed", cause: "out of order" });
    const silent = here.anotherEngine({
      repository: overrideMethods(here.repository, { settle: () => Promise.reject(undefined) }),
    });
    expect(await errorOf(silent.publications.create({ campaign: "spring", customer: "shop-1" }))).toMatchObject({
      code: "outcome_unknown",
    });
  });
});
