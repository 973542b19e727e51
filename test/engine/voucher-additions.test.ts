import type { Progress } from "oncecode";
import { describe, expect, it } from "vitest";
import { allCodes, contents, createCampaignWithCodes, createFixture, DISCOUNT, errorOf } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const MANY = 20_000;

function* numberedCodes(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `CODE-${i}`;
}

describe.each(engineStores)("a campaign created with vouchers on %s", (_, open) => {
  it("has tens of thousands of different codes, and reports its progress", async () => {
    const { campaigns, vouchers } = await createFixture(open);
    const progress: Progress[] = [];
    await campaigns.create(
      { name: "spring", voucher: DISCOUNT, vouchersCount: MANY },
      { onProgress: (step) => progress.push(step) },
    );
    expect(await campaigns.summary("spring")).toEqual({ total: MANY, published: 0, available: MANY, failed: 0 });
    expect(await (await vouchers.list({ limit: 1 })).total()).toBe(MANY);
    expect(progress.at(-1)).toEqual({ done: MANY, total: MANY });
    expect(progress.length).toBeGreaterThan(2);
    const steps = progress.map(({ done }) => done);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it("gives random and named vouchers the details of the request", async () => {
    const { campaigns, vouchers } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, metadata: { a: 1 }, expirationDate: "2027-01-01" });
    const details = { metadata: { b: 2 }, additionalInfo: "by hand", expirationDate: null, active: false } as const;
    await campaigns.addVouchers("spring", { count: 2, codeConfig: { pattern: "VIP-####" }, ...details });
    await campaigns.addVouchers("spring", { codes: ["GIVEN"], ...details });
    const { data } = await vouchers.list({ order: "-code" });
    expect(data.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^VIP-/),
      expect.stringMatching(/^VIP-/),
      "GIVEN",
    ]);
    for (const voucher of data) expect(voucher).toMatchObject({ ...details, metadata: { a: 1, b: 2 } });
  });

  it.each([
    { startDate: "2028-01-01", expirationDate: "2027-01-01" },
    { metadata: { tier: 5 } },
    { codeConfig: { pattern: "NO-HASH" } },
    { additionalInfo: 5 },
  ])("gets no voucher with %j", async (details) => {
    const tiers = { definitions: { tier: { type: "string", optional: true } } } as const;
    const { engine } = await createFixture(open, { metadataSchemas: { vouchers: tiers } });
    await engine.campaigns.create({ name: "spring", voucher: DISCOUNT });
    const wrong = details as { readonly startDate: string };
    await errorOf(engine.campaigns.addVouchers("spring", { count: 2, ...wrong }));
    if (!("codeConfig" in details)) await errorOf(engine.campaigns.addVouchers("spring", { codes: ["A"], ...wrong }));
    expect(await allCodes(engine)).toEqual([]);
  });

  it("reports how many it has when it is stopped, and can continue", async () => {
    const { campaigns } = await createFixture(open);
    const stop = new AbortController();
    const error = await errorOf(
      campaigns.create(
        { name: "spring", voucher: DISCOUNT, vouchersCount: MANY },
        { signal: stop.signal, onProgress: () => stop.abort() },
      ),
    );
    const done = error.code === "aborted" ? error.done : expect.fail(error.code);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(MANY);
    expect(await campaigns.summary("spring")).toMatchObject({ total: done });
    await campaigns.addVouchers("spring", { count: 5 });
    expect(await campaigns.summary("spring")).toMatchObject({ total: done + 5 });
  });

  it("creates none if its signal was aborted before", async () => {
    const { engine, campaigns } = await createFixture(open);
    const signal = AbortSignal.abort();
    await expect(
      campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 10 }, { signal }),
    ).rejects.toMatchObject({ code: "aborted", done: 0 });
    expect(await allCodes(engine)).toEqual([]);
  });
});

describe.each(engineStores)("adding vouchers on %s", (_, open) => {
  it("adds random ones by the campaign's template", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await campaigns.create({
      name: "spring",
      voucher: {
        type: "GIFT_VOUCHER",
        gift: { amount: 2500 },
        codeConfig: { pattern: "GIFT-####" },
        redemption: { quantity: 2 },
      },
      startDate: "2026-03-01",
      expirationDate: "2026-04-01",
      metadata: { season: "spring" },
    });
    expect(await campaigns.addVouchers("spring", { count: 3 })).toEqual({ added: 3 });
    const codes = await allCodes(engine);
    expect(codes).toHaveLength(3);
    for (const code of codes) expect(code).toMatch(/^GIFT-[0-9a-zA-Z]{4}$/);
    const campaign = await campaigns.get("spring");
    expect(await vouchers.get(codes[0]!)).toMatchObject({
      type: "GIFT_VOUCHER",
      gift: { amount: 2500 },
      redemption: { quantity: 2 },
      campaign: "spring",
      campaignId: campaign.id,
      startDate: "2026-03-01T00:00:00.000Z",
      expirationDate: "2026-04-01T00:00:00.000Z",
      metadata: { season: "spring" },
      active: true,
      holderId: null,
      publish: { count: 0, publication: null },
    });
  });

  it("adds named ones, with codes of any form", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const codes = ["%_'\"\\", "Gruß an Alle", "abc", "ABC", "🎟-🎁"];
    expect(await campaigns.addVouchers("spring", { codes })).toEqual({ added: 5 });
    expect((await allCodes(engine)).toSorted()).toEqual(codes.toSorted());
  });

  it.each([
    ["another campaign has one", ["NEW", "TAKEN", "NEWER"], "duplicate_found", "codes[1]"],
    ["the campaign itself has one", ["NEW", "NEWER", "OWN"], "duplicate_found", "codes[2]"],
    ["one is standalone", ["SOLO", "NEW"], "duplicate_found", "codes[0]"],
    ["one is given twice", ["NEW", "NEWER", "NEW"], "duplicate_found", "codes[2]"],
    ["one is empty", ["NEW", ""], "invalid_payload", "codes[1]"],
    ["one has a space at its end", ["NEW", "NEWER "], "invalid_payload", "codes[1]"],
  ])("adds no named voucher if %s", async (_what, codes, code, path) => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["OWN"]);
    await createCampaignWithCodes(engine, "autumn", ["TAKEN"]);
    await vouchers.create({ ...DISCOUNT, code: "SOLO" });
    const before = await contents(engine);
    await expect(campaigns.addVouchers("spring", { codes })).rejects.toMatchObject({ code, path });
    expect(await contents(engine)).toEqual(before);
  });

  it("gives a code to one campaign when two campaigns add it at once", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    await createCampaignWithCodes(engine, "autumn", []);
    const calls = ["spring", "autumn"].map((name) => campaigns.addVouchers(name, { codes: ["A"] }));
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await allCodes(engine)).toEqual(["A"]);
  });

  it("reports how many it has added when it is stopped", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const codes = [...numberedCodes(MANY)];
    for (const vouchers of [{ count: MANY }, { codes }]) {
      const before = (await campaigns.summary("spring")).total;
      const stop = new AbortController();
      const options = { signal: stop.signal, onProgress: () => stop.abort() };
      const error = await errorOf(campaigns.addVouchers("spring", vouchers, options));
      const done = error.code === "aborted" ? error.done : expect.fail(error.code);
      expect(done).toBeGreaterThan(0);
      expect(await campaigns.summary("spring")).toMatchObject({ total: before + done });
    }
  });

  it("refuses a wrong number", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    for (const count of [0, -1, 1.5, Number.NaN])
      await expect(campaigns.addVouchers("spring", { count })).rejects.toMatchObject({
        code: "invalid_payload",
        path: "count",
      });
    expect(await allCodes(engine)).toEqual([]);
  });
});

describe.each(engineStores)("adding the same vouchers twice at once on %s", (_, open) => {
  it("adds each once, and the second call reports how many it has added", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const calls = [
      ["A", "B", "C"],
      ["B", "C", "D", "E"],
    ].map((codes) =>
      campaigns.addVouchers("spring", { codes }).then(
        ({ added }) => added,
        (error: { readonly code: string; readonly done?: number }) => {
          expect(error.code).toBe("duplicate_found");
          return error.done ?? 0;
        },
      ),
    );
    const added = await Promise.all(calls);
    expect(await allCodes(engine)).toHaveLength(added.reduce((sum, one) => sum + one, 0));
    expect(await allCodes(engine)).toEqual(["A", "B", "C", "D", "E"]);
  });
});
