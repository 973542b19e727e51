import type { Progress, VoucherImport } from "oncecode";
import { describe, expect, it } from "vitest";
import { allCodes, createCampaignWithCodes, createFixture, DISCOUNT, errorOf } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

async function* yieldSlowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

function* numberedCodes(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `CODE-${i}`;
}

describe.each(engineStores)("importing vouchers on %s", (_, open) => {
  const codes = ["A", "B", "C"];

  it.each<[string, () => Iterable<string> | AsyncIterable<string>]>([
    ["an array", () => codes],
    ["a set", () => new Set(codes)],
    ["a generator", () => codes.values()],
    ["an async generator", () => yieldSlowly(codes)],
    ["a stream", () => ReadableStream.from(codes)],
  ])("takes %s", async (_what, source) => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    expect(await campaigns.importVouchers("spring", source())).toEqual({ imported: 3, refused: [] });
    expect(await allCodes(engine)).toEqual(codes);
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 0, available: 3, failed: 0 });
  });

  it("imports nothing from an empty source", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    expect(await campaigns.importVouchers("spring", [])).toEqual({ imported: 0, refused: [] });
  });

  it("uses the voucher's own fields, and otherwise those of the campaign", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", [], {
      startDate: "2026-03-01",
      expirationDate: "2026-04-01",
      metadata: { a: 1 },
    });
    await campaigns.importVouchers("spring", [
      {
        code: "OWN",
        active: false,
        startDate: null,
        expirationDate: "2030-04-01",
        redemption: { quantity: 1 },
        additionalInfo: "row 1",
        metadata: { b: 2 },
      },
      { code: "PLAIN" },
    ]);
    expect(await vouchers.get("OWN")).toMatchObject({
      ...DISCOUNT,
      active: false,
      startDate: null,
      expirationDate: "2030-04-01T00:00:00.000Z",
      redemption: { quantity: 1 },
      additionalInfo: "row 1",
      metadata: expect.objectContaining({ b: 2 }),
    });
    expect(await vouchers.get("PLAIN")).toMatchObject({
      ...DISCOUNT,
      active: true,
      startDate: "2026-03-01T00:00:00.000Z",
      expirationDate: "2026-04-01T00:00:00.000Z",
      redemption: { quantity: null },
      additionalInfo: null,
      metadata: { a: 1 },
    });
  });

  it("imports the valid ones, and reports the index of each invalid one", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["OWN"]);
    await createCampaignWithCodes(engine, "autumn", ["TAKEN"]);
    const rows: readonly (string | VoucherImport)[] = [
      "A",
      "",
      "TAKEN",
      "B",
      "B",
      { code: "C", expirationDate: "soon" },
      "OWN",
      { code: "D" },
    ];
    const { imported, refused } = await campaigns.importVouchers("spring", rows);
    expect(imported).toBe(3);
    expect(refused.map(({ index, error }) => [index, error.code])).toEqual([
      [1, "invalid_payload"],
      [2, "duplicate_found"],
      [4, "duplicate_found"],
      [5, "invalid_payload"],
      [6, "duplicate_found"],
    ]);
    expect(await allCodes(engine)).toEqual(["A", "B", "D", "OWN", "TAKEN"]);
  });

  it("streams any number, and reports its progress without a total", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const progress: Progress[] = [];
    const report = await campaigns.importVouchers("spring", yieldSlowly(numberedCodes(5000)), {
      onProgress: (step) => progress.push(step),
    });
    expect(report).toEqual({ imported: 5000, refused: [] });
    expect(await campaigns.summary("spring")).toMatchObject({ total: 5000 });
    expect(progress.at(-1)).toEqual({ done: 5000, total: null });
  });

  it("reports how many it has imported when it is stopped, and closes its source", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const stop = new AbortController();
    let closed = false;
    function* endless(): Generator<string> {
      try {
        for (let i = 0; ; i++) yield `CODE-${i}`;
      } finally {
        closed = true;
      }
    }
    const error = await errorOf(
      campaigns.importVouchers("spring", endless(), { signal: stop.signal, onProgress: () => stop.abort() }),
    );
    const done = error.code === "aborted" ? error.done : expect.fail(error.code);
    expect(done).toBeGreaterThan(0);
    expect(await campaigns.summary("spring")).toMatchObject({ total: done });
    expect(closed).toBe(true);
  });

  it.each([2, 5000])("reports how many it has imported when its source fails after %i", async (count) => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    async function* failingSource(): AsyncGenerator<string> {
      yield* numberedCodes(count);
      throw new Error("The file ends in the middle of a row");
    }
    const error = await errorOf(campaigns.importVouchers("spring", failingSource()));
    expect(error.message).toContain("The file ends in the middle of a row");
    const { total } = await campaigns.summary("spring");
    expect("done" in error ? error.done : 0).toBe(total);
  });

  it("can be repeated, and then imports only the missing ones", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    await campaigns.importVouchers("spring", ["A", "B"]);
    const { imported, refused } = await campaigns.importVouchers("spring", ["A", "B", "C"]);
    expect(imported).toBe(1);
    expect(refused.map(({ index }) => index)).toEqual([0, 1]);
    expect(await allCodes(engine)).toEqual(["A", "B", "C"]);
  });
});
