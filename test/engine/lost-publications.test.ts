import { describe, expect, it } from "vitest";
import {
  CAUSE,
  callWithFault,
  everyCall,
  type Fault,
  failingEngine,
  failingRepository,
  firstCalls,
  type Method,
} from "../support/failing-repository.ts";
import {
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  errorOf,
} from "../support/fixture.ts";
import { overrideMethods } from "../support/override-methods.ts";
import { allStores } from "../support/stores.ts";

describe.each(allStores)("a publication with a failing store on %s", (_, open) => {
  const request = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" } } as const;

  it.each<[string, readonly Fault[]]>([
    ["is lost on its way", ["before"]],
    ["is lost on its way back", ["after"]],
    ["is lost on its way back, twice", ["after", "after"]],
    ["is lost on its way, and then on its way back", ["before", "after"]],
    ["is lost on its way back, and then refused", ["after", "refused"]],
  ])("is made once, where it %s", async (_what, faults) => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B", "C"]);
    const publication = await failingEngine(fixture, "settle", firstCalls(...faults)).publications.create(request);
    expect(publication).toMatchObject({ result: "SUCCESS", voucher: { code: publication.codes[0] } });
    expect(await allPublications(fixture.engine)).toEqual([publication]);
    expect(await fixture.campaigns.summary("spring")).toEqual({ total: 3, published: 1, available: 2, failed: 0 });
  });

  it("is looked up if no answer comes", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const publication = await failingEngine(fixture, "settle", everyCall("after")).publications.create(request);
    expect(await allPublications(fixture.engine)).toEqual([publication]);
    expect(await fixture.campaigns.summary("spring")).toMatchObject({ published: 1, available: 1 });
  });

  it("is unknown if the store stops answering, and can be resolved later, if it happened", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    let silent = false;
    const silencing = failingRepository(fixture.repository, "settle", everyCall("after"));
    const repository = overrideMethods(silencing, {
      settle: (drafts) => {
        silent = true;
        return silencing.settle(drafts);
      },
      find: (kind, refs) => callWithFault(silent ? "before" : undefined, () => fixture.repository.find(kind, refs)),
    });
    const error = await errorOf(fixture.anotherEngine({ repository }).publications.create(request));
    expect(error).toMatchObject({ code: "outcome_unknown", cause: CAUSE });
    const id = error.code === "outcome_unknown" ? (error.publicationId ?? "") : "";
    const publication = await fixture.publications.resolve(id);
    expect(publication).toMatchObject({ id, result: "SUCCESS", trackingId: "shop-1" });
    expect(await allPublications(fixture.engine)).toEqual([publication]);
  });

  it("is unknown if the store stops answering, and can be resolved later, if it did not happen", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const before = await contents(fixture.engine);
    const error = await errorOf(failingEngine(fixture, "settle", everyCall("before")).publications.create(request));
    expect(error).toMatchObject({ code: "outcome_unknown", publicationId: expect.stringMatching(/^pub_/) });
    expect(await fixture.publications.resolve(Reflect.get(error, "publicationId"))).toBeNull();
    expect(await contents(fixture.engine)).toEqual(before);
    expect(await fixture.publications.create(request)).toMatchObject({ result: "SUCCESS" });
  });

  it("has failed and written nothing if the store refuses", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const before = await contents(fixture.engine);
    const error = await errorOf(failingEngine(fixture, "settle", everyCall("refused")).publications.create(request));
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
    expect(await contents(fixture.engine)).toEqual(before);
  });

  it.each<Method>(["find", "page"])("that cannot be decided on since %s fails has failed", async (method) => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    await fixture.customers.upsert({ sourceId: "shop-1" });
    const before = await contents(fixture.engine);
    const error = await errorOf(
      failingEngine(fixture, method, everyCall("before")).publications.create({ ...request, joinOnce: true }),
    );
    expect(error).toMatchObject({ code: "storage_failed", cause: CAUSE });
    expect(await contents(fixture.engine)).toEqual(before);
  });

  it.each<Fault>(["before", "after", "refused"])(
    "gives its error also when the failure cannot be recorded: %s",
    async (fault) => {
      const fixture = await createFixture(open);
      await createCampaignWithCodes(fixture.engine, "spring", []);
      await expect(
        failingEngine(fixture, "record", everyCall(fault)).publications.create(request),
      ).rejects.toMatchObject({
        code: "no_voucher_suitable_for_publication",
      });
      expect(await allPublications(fixture.engine)).toHaveLength(fault === "after" ? 1 : 0);
    },
  );

  it("is stored once as failed if the answer is lost", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", []);
    await expect(
      failingEngine(fixture, "record", firstCalls("after")).publications.create(request),
    ).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
    });
    expect(await allPublications(fixture.engine)).toMatchObject([{ result: "FAILURE", trackingId: "shop-1" }]);
  });

  it("that shares a lost answer with others happens once", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B", "C", "D", "E"]);
    await fixture.campaigns.create({ name: "auto", type: "AUTO_UPDATE", voucher: DISCOUNT });
    const { publications } = failingEngine(fixture, "settle", firstCalls("after", "before", "after"));
    const answers = await Promise.all([
      ...["a", "b", "c"].map((customer) => publications.create({ campaign: "spring", customer })),
      ...["a", "d"].map((customer) => publications.create({ campaign: "auto", customer })),
      publications.create({ campaign: "spring", customer: "e", sourceId: "order-1" }),
      publications.create({ campaign: "spring", customer: "e", sourceId: "order-1" }),
    ]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(6);
    expect(new Set(answers.flatMap(({ codes }) => codes)).size).toBe(6);
    expect(await fixture.campaigns.summary("spring")).toEqual({ total: 5, published: 4, available: 1, failed: 0 });
    expect(await fixture.campaigns.summary("auto")).toEqual({ total: 2, published: 2, available: 0, failed: 0 });
  });

  it("can be repeated with its source id", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const order = { ...request, sourceId: "order-1" };
    const publication = await failingEngine(fixture, "settle", everyCall("after")).publications.create(order);
    await expect(failingEngine(fixture, "settle", everyCall("before")).publications.create(order)).resolves.toEqual(
      publication,
    );
    expect(await fixture.publications.create(order)).toEqual(publication);
    expect(await fixture.campaigns.summary("spring")).toMatchObject({ published: 1 });
  });
});
