import {
  createEngine,
  type EngineOptions,
  type GuessableCodesWarning,
  isOncecodeError,
  type Repository,
} from "oncecode";
import { describe, expect, it } from "vitest";
import { allCodes, contents, createCampaignWithCodes, createFixture, DISCOUNT } from "./support/fixture.ts";
import { overrideMethods } from "./support/override-methods.ts";
import { engineStores } from "./support/stores.ts";

describe.each(engineStores)("the option on %s", (_, open) => {
  it.each([1, 3, 60])("publicationMax allows at most %i vouchers in a publication", async (publicationMax) => {
    const { campaigns, publications } = await createFixture(open, { publicationMax });
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 61 });
    const ask = (count: number) => publications.create({ campaign: { name: "spring", count }, customer: "shop-1" });
    await expect(ask(publicationMax + 1)).rejects.toMatchObject({
      code: "too_many_vouchers_requested",
      max: publicationMax,
    });
    expect((await ask(publicationMax)).codes).toHaveLength(publicationMax);
    expect(await campaigns.summary("spring")).toMatchObject({ published: publicationMax, failed: 1 });
  });

  it("clock is the time of all records", async () => {
    const { campaigns, vouchers, publications } = await createFixture(open, {
      clock: () => new Date("2030-01-02T03:04:05.678Z"),
    });
    const now = "2030-01-02T03:04:05.678Z";
    expect(await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 1 })).toMatchObject({
      createdAt: now,
    });
    const { createdAt, voucher } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect([createdAt, voucher?.createdAt, voucher?.updatedAt]).toEqual([now, now, now]);
    expect((await vouchers.list()).data).toMatchObject([{ createdAt: now }]);
  });

  it("nextId makes all ids", async () => {
    let idCount = 0;
    const { campaigns, publications } = await createFixture(open, { nextId: (prefix) => `${prefix}mine-${++idCount}` });
    const { id } = await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 1 });
    const publication = await publications.create({ campaign: "spring", customer: "shop-1" });
    for (const [prefix, newId] of [
      ["camp_", id],
      ["pub_", publication.id],
      ["cust_", publication.customerId],
      ["v_", publication.voucherIds[0]],
    ])
      expect(newId).toMatch(new RegExp(`^${prefix}mine-\\d+$`));
  });

  it("randomBytes decides on the codes", async () => {
    const codes = async (seed: number): Promise<readonly string[]> => {
      let next = seed;
      const byte = (): number => {
        next = (next * 141 + 28) % 257;
        return next % 256;
      };
      const randomBytes = (size: number) => Uint8Array.from({ length: size }, byte);
      const { engine, campaigns } = await createFixture(open, { randomBytes });
      await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 5 });
      return allCodes(engine);
    };
    expect(await codes(1)).toEqual(await codes(1));
    expect(await codes(1)).not.toEqual(await codes(2));
  });

  it.each<Partial<EngineOptions>>([
    { batchMax: 1 },
    { batchMax: 3, lanes: 2 },
    { lanes: 8 },
    { gather: () => Promise.resolve() },
    { gather: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    { gather: () => Promise.reject(new Error("made up")) },
  ])("%o changes how calls share a commit, and nothing else", async (options) => {
    const { campaigns, publications, repository } = await createFixture(open);
    let most = 0;
    const counting: Repository = overrideMethods(repository, {
      settle: (drafts) => {
        most = Math.max(most, drafts.length);
        return repository.settle(drafts);
      },
    });
    const engine = createEngine({ repository: counting, ...options });
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 20 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_call, i) =>
        engine.publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set(answers.flatMap(({ codes }) => codes)).size).toBe(20);
    expect(await publications.count()).toBe(20);
    expect(most).toBeLessThanOrEqual(options.batchMax ?? 20);
  });

  it.each([
    { lanes: 1, sizes: [128] },
    { lanes: 2, sizes: [64, 64] },
    { lanes: 4, sizes: [32, 32, 32, 32] },
    { lanes: 8, sizes: [32, 32, 32, 32] },
  ])("lanes: $lanes turns 128 concurrent requests into calls of $sizes", async ({ lanes, sizes }) => {
    const { engine, repository } = await createFixture(open);
    const codes = Array.from({ length: 128 }, (_code, i) => `CODE-${i}`);
    await createCampaignWithCodes(engine, "spring", codes);
    const callSizes: number[] = [];
    const counting = overrideMethods(repository, {
      find: async (kind, refs) => {
        callSizes.push(refs.length);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return repository.find(kind, refs);
      },
    });
    const { vouchers } = createEngine({ repository: counting, lanes });
    await Promise.all(codes.map((code) => vouchers.get(code)));
    expect(callSizes).toEqual(sizes);
  });

  it("onWarning reports codes that a blind guess hits more often than once in 2^40", async () => {
    const warnings: GuessableCodesWarning[] = [];
    const { campaigns } = await createFixture(open, { onWarning: (warning) => warnings.push(warning) });
    // 8 characters of 62 are 47.6 bits, and 198 existing codes take 7.6 of them.
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 190 });
    expect(warnings).toEqual([]);
    await campaigns.addVouchers("spring", { count: 20 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: "guessable_codes", campaign: "spring", message: expect.any(String) });
    expect(warnings[0]?.bits).toBeCloseTo(8 * Math.log2(62) - Math.log2(210), 5);
  });

  it("onWarning reports them also when a publication creates them", async () => {
    const warnings: GuessableCodesWarning[] = [];
    const { campaigns, publications } = await createFixture(open, { onWarning: (warning) => warnings.push(warning) });
    // 7 characters of 62 are 41.7 bits, and 4 existing codes take 2 of them.
    const voucher = { ...DISCOUNT, codeConfig: { length: 7 } };
    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher });
    expect(warnings).toEqual([]);
    await publications.create({ campaign: { name: "spring", count: 4 }, customer: "shop-1" });
    expect(warnings).toMatchObject([{ code: "guessable_codes", campaign: "spring" }]);
  });

  it("refuseGuessable refuses a campaign with such codes, and creates none", async () => {
    const { engine, campaigns, publications } = await createFixture(open, { refuseGuessable: true });
    const before = await contents(engine);
    const voucher = { ...DISCOUNT, codeConfig: { length: 4 } };
    await expect(campaigns.create({ name: "spring", voucher, vouchersCount: 1 })).rejects.toMatchObject({
      code: "invalid_code_config",
    });
    expect(await contents(engine)).toEqual(before);

    const long = { ...DISCOUNT, codeConfig: { length: 12 } };
    await campaigns.create({ name: "spring", voucher: long, vouchersCount: 300 });
    expect((await publications.create({ campaign: "spring", customer: "shop-1" })).codes[0]).toHaveLength(12);
  });

  it("refuseGuessable refuses a standalone voucher with such a code, and creates none", async () => {
    const { engine, vouchers } = await createFixture(open, { refuseGuessable: true });
    await expect(vouchers.create({ ...DISCOUNT, codeConfig: { length: 4 } })).rejects.toMatchObject({
      code: "invalid_code_config",
    });
    expect(await allCodes(engine)).toEqual([]);
  });

  it("refuseGuessable accepts codes that the merchant has made", async () => {
    const { engine, campaigns } = await createFixture(open, { refuseGuessable: true });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    expect(await campaigns.importVouchers("spring", ["B"])).toEqual({ imported: 1, refused: [] });
  });
});

describe("an engine", () => {
  it.each<[string, object]>([
    ["repository", { repository: undefined }],
    ["repository", { repository: {} }],
    ["publicationMax", { publicationMax: 0 }],
    ["publicationMax", { publicationMax: 1.5 }],
    ["sourceIdMode", { sourceIdMode: "maybe" }],
    ["recordFailures", { recordFailures: "no" }],
    ["extendBy", { extendBy: -1 }],
    ["clock", { clock: new Date() }],
    ["nextId", { nextId: "id" }],
    ["randomBytes", { randomBytes: 5 }],
    ["onWarning", { onWarning: console }],
    ["lanes", { lanes: 0 }],
    ["batchMax", { batchMax: 0 }],
    ["metadataSchemas", { metadataSchemas: [] }],
  ])("is not made with a wrong %s", async (path, options) => {
    const repository = await engineStores[0]![1]();
    try {
      createEngine({ repository, ...options } as EngineOptions);
    } catch (error) {
      expect(isOncecodeError(error)).toBe(true);
      expect(error).toMatchObject({ code: "invalid_payload", path: expect.stringContaining(path) });
      return;
    }
    expect.fail("It was made");
  });
});
