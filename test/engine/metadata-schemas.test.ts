import { createEngine, type Metadata, type MetadataDefinition, type MetadataSchemas } from "oncecode";
import { describe, expect, it } from "vitest";
import {
  allCodes,
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  type Fixture,
} from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const INVALID = "metadata_validation_failed";

/** Definitions with accepted values and refused values. */
const DEFINITIONS: readonly (readonly [MetadataDefinition, readonly unknown[], readonly unknown[]])[] = [
  [{ type: "string" }, ["", "x", "10"], [10, true, ["x"], {}, null]],
  [{ type: "string", eq: ["gold", "silver"] }, ["gold"], ["Gold", ""]],
  [{ type: "string", ne: ["gold"] }, ["silver"], ["gold"]],
  [{ type: "string", minLength: 2, maxLength: 3 }, ["ab", "abc"], ["a", "abcd"]],
  [{ type: "string", exactLength: 2 }, ["ab", "🎟🎁"], ["a", "abc"]],
  [{ type: "number" }, [0, -1.5], ["0", true, null]],
  [{ type: "number", gt: 0, lte: 10 }, [0.5, 10], [0, 10.5]],
  [{ type: "number", gte: 0, lt: 10 }, [0, 9.5], [-0.5, 10]],
  [{ type: "number", eq: [1, 2] }, [2], [3]],
  [{ type: "number", ne: [1] }, [2], [1]],
  [{ type: "boolean" }, [true, false], ["true", 1, null]],
  [{ type: "boolean", eq: [true] }, [true], [false]],
  [{ type: "date" }, ["2026-03-02"], ["2026-03-02T00:00:00Z", "2026-02-30", "soon", 5]],
  [{ type: "date", gte: "2026-01-01", lt: "2027-01-01" }, ["2026-01-01", "2026-12-31"], ["2025-12-31", "2027-01-01"]],
  [{ type: "datetime" }, ["2026-03-02T09:15:04Z", "2026-03-02T09:15:04.120+01:00"], ["2026-03-02", "noon", 5]],
  [{ type: "datetime", gt: "2026-03-02T12:00:00+02:00" }, ["2026-03-02T10:00:00.001Z"], ["2026-03-02T10:00:00Z"]],
  [{ type: "image_url" }, ["https://example.test/a.png"], ["a.png", "javascript:alert(1)", 5]],
  [{ type: "geopoint" }, ["47.07,15.44"], ["47.07", "91,0", "0,181", 47]],
  [{ type: "object" }, [{}, { a: [1] }], ["{}", [], null]],
  [{ type: "number", array: true, gte: 0 }, [[], [1, 2]], [1, [1, "2"], [-1]]],
  [{ type: "string", optional: true }, ["x", null, undefined], [5]],
  [{ type: "string" }, [], [undefined]],
];
const CASES = DEFINITIONS.flatMap(([definition, good, bad]) => [
  ...good.map((value) => [definition, value, true] as const),
  ...bad.map((value) => [definition, value, false] as const),
]);

describe("a metadata definition", () => {
  const metadataOf = (value: unknown): Metadata => (value === undefined ? {} : { key: value }) as Metadata;

  it.each(CASES)("%j and the value %j: %s", async (definition, value, isGood) => {
    const repository = await engineStores[0]![1]();
    const { customers } = createEngine({
      repository,
      metadataSchemas: { customers: { definitions: { key: definition } } },
    });
    const upsert = customers.upsert({ sourceId: "shop-1", metadata: metadataOf(value) });
    if (isGood) expect((await upsert).metadata).toEqual(metadataOf(value));
    else
      await expect(upsert).rejects.toMatchObject({
        code: INVALID,
        path: expect.stringMatching(/^metadata\.key/),
        message: expect.stringContaining("key"),
      });
  });

  it.each<[string, unknown]>([
    ["of an unknown type", { type: "colour" }],
    ["with a rule of another type", { type: "number", gte: "0" }],
    ["with a length that is none", { type: "string", minLength: -1 }],
  ])("%s is refused with the engine's options", async (_what, definition) => {
    const repository = await engineStores[0]![1]();
    const metadataSchemas = { customers: { definitions: { key: definition } } } as MetadataSchemas;
    expect(() => createEngine({ repository, metadataSchemas })).toThrow(
      expect.objectContaining({ code: "invalid_payload" }),
    );
  });

  it("is refused as number 101", async () => {
    const repository = await engineStores[0]![1]();
    const schemas = (count: number): MetadataSchemas => {
      const keys = Array.from({ length: count }, (_key, i) => [`key${i}`, { type: "string", optional: true }] as const);
      return { vouchers: { definitions: Object.fromEntries(keys) } };
    };
    createEngine({ repository, metadataSchemas: schemas(100) });
    expect(() => createEngine({ repository, metadataSchemas: schemas(101) })).toThrow(
      expect.objectContaining({ code: "invalid_payload" }),
    );
  });
});

const TIER = { tier: { type: "string", eq: ["gold", "silver"], optional: true } } as const;
const WRONG = { tier: "lead" };

describe.each(engineStores)("a metadata schema on %s", (_, open) => {
  it("accepts undefined keys, unless only defined keys are allowed", async () => {
    const loose = await createFixture(open, { metadataSchemas: { customers: { definitions: TIER } } });
    expect((await loose.customers.upsert({ sourceId: "shop-1", metadata: { other: 1 } })).metadata).toEqual({
      other: 1,
    });
    const strict = await createFixture(open, {
      metadataSchemas: { customers: { definitions: TIER, onlyDefined: true } },
    });
    await expect(strict.customers.upsert({ sourceId: "shop-1", metadata: { other: 1 } })).rejects.toMatchObject({
      code: INVALID,
      path: "metadata.other",
    });
    expect((await strict.customers.list()).data).toEqual([]);
  });

  it.each<[keyof MetadataSchemas, string, string, (fixture: Fixture) => Promise<unknown>]>([
    [
      "campaigns",
      "a new campaign",
      "metadata.tier",
      ({ campaigns }) => campaigns.create({ name: "autumn", voucher: DISCOUNT, vouchersCount: 3, metadata: WRONG }),
    ],
    [
      "campaigns",
      "a change to a campaign",
      "metadata.tier",
      ({ campaigns }) => campaigns.update("spring", { metadata: WRONG }),
    ],
    [
      "vouchers",
      "a new voucher",
      "metadata.tier",
      ({ vouchers }) => vouchers.create({ code: "NEW", ...DISCOUNT, metadata: WRONG }),
    ],
    ["vouchers", "a change to a voucher", "metadata.tier", ({ vouchers }) => vouchers.update("A", { metadata: WRONG })],
    [
      "customers",
      "a customer",
      "metadata.tier",
      ({ customers }) => customers.upsert({ sourceId: "shop-9", metadata: WRONG }),
    ],
    [
      "customers",
      "a change to a customer",
      "metadata.tier",
      ({ customers }) => customers.update("shop-1", { metadata: WRONG }),
    ],
    [
      "customers",
      "the customer of a publication",
      "customer.metadata.tier",
      ({ publications }) =>
        publications.create({ campaign: "spring", customer: { sourceId: "shop-9", metadata: WRONG } }),
    ],
    [
      "publications",
      "a publication",
      "metadata.tier",
      ({ publications }) => publications.create({ campaign: "spring", customer: "shop-9", metadata: WRONG }),
    ],
  ])("of %s refuses %s, which changes nothing", async (kind, _what, path, act) => {
    const fixture = await createFixture(open, { metadataSchemas: { [kind]: { definitions: TIER } } });
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    await fixture.customers.upsert({ sourceId: "shop-1", metadata: { tier: "gold" } });
    const before = await contents(fixture.engine);
    await expect(act(fixture)).rejects.toMatchObject({ code: INVALID, path });
    expect(await contents(fixture.engine)).toEqual(before);
  });

  it("of one kind does not apply to another", async () => {
    const fixture = await createFixture(open, {
      metadataSchemas: { campaigns: { definitions: TIER, onlyDefined: true } },
    });
    await createCampaignWithCodes(fixture.engine, "spring", ["A"]);
    await fixture.publications.create({
      campaign: "spring",
      customer: { sourceId: "shop-1", metadata: WRONG },
      metadata: WRONG,
    });
    expect(await allPublications(fixture.engine)).toMatchObject([{ metadata: WRONG, customer: { metadata: WRONG } }]);
  });

  it("checks the merged metadata", async () => {
    const definitions = { tier: { type: "string" }, age: { type: "number", optional: true } } as const;
    const { customers } = await createFixture(open, { metadataSchemas: { customers: { definitions } } });
    await customers.upsert({ sourceId: "shop-1", metadata: { tier: "gold" } });
    expect((await customers.upsert({ sourceId: "shop-1", metadata: { age: 3 } })).metadata).toEqual({
      tier: "gold",
      age: 3,
    });
  });

  it("of vouchers reports each wrong voucher of an import", async () => {
    const { engine, campaigns } = await createFixture(open, { metadataSchemas: { vouchers: { definitions: TIER } } });
    await createCampaignWithCodes(engine, "spring", []);
    const { imported, refused } = await campaigns.importVouchers("spring", [
      { code: "A", metadata: { tier: "gold" } },
      { code: "B", metadata: WRONG },
      "C",
    ]);
    expect(imported).toBe(2);
    expect(refused).toMatchObject([{ index: 1, error: { code: INVALID } }]);
    expect(await allCodes(engine)).toEqual(["A", "C"]);
  });
});

describe.each(engineStores)("wrong metadata of a publication on %s", (_, open) => {
  // Contract 2.2: source id, joining once, limits, suitability, and then metadata.
  it.each<[string, object, string]>([
    ["an unknown campaign", { campaign: "nowhere" }, "not_found"],
    ["an unknown customer", { customer: "cust_nobody" }, "not_found"],
    ["a used source id", { customer: "shop-2", sourceId: "order-1" }, "duplicate_source_id"],
    ["too many vouchers", { campaign: { name: "spring", count: 51 } }, "too_many_vouchers_requested"],
  ])("is reported after %s", async (_what, change, code) => {
    const schema = { definitions: TIER };
    const { engine, publications } = await createFixture(open, { metadataSchemas: { publications: schema } });
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    await publications.create({ campaign: "spring", customer: "shop-1", sourceId: "order-1" });
    const request = { campaign: "spring", customer: "shop-1", metadata: WRONG, ...change };
    await expect(publications.create(request)).rejects.toMatchObject({ code });
  });

  it("does not stop a repeated request from getting its publication", async () => {
    const schema = { definitions: TIER };
    const { engine, publications } = await createFixture(open, { metadataSchemas: { publications: schema } });
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const request = { campaign: "spring", customer: "shop-1", sourceId: "order-1" };
    const first = await publications.create(request);
    expect(await publications.create({ ...request, metadata: WRONG })).toEqual(first);
  });
});
