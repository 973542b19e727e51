import { and, type FilterOf, or, type PublicationInput, parseFilters, where } from "oncecode";
import { beforeAll, describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, type Fixture, listAll } from "../support/fixture.ts";
import { engineStores, type Open } from "../support/stores.ts";

/** Publications 1 to 5. Number 4 is a failure, and 5 is a referral. Their metadata has the number. */
const PUBLICATIONS: readonly PublicationInput[] = [
  {
    voucher: "SPR-1",
    customer: { sourceId: "shop-1" },
    channel: "newsletter_October",
    sourceId: "order-1",
    metadata: { tier: "gold", points: 10, vip: true, tags: ["a", "b"], "a.b": 1 },
  },
  {
    campaign: { name: "spring", count: 2 },
    customer: { sourceId: "shop-2" },
    channel: "newsletterXOctober",
    metadata: { tier: "silver", points: "10", tags: [] },
  },
  {
    voucher: "GIFT%1",
    customer: { email: "eve@example.test" },
    channel: "100%",
    sourceId: "ORDER-1",
    metadata: { tier: null, points: 9.5, vip: "true" },
  },
  { campaign: "empty", customer: { sourceId: "shop-1" }, metadata: { "": "no name", tier: "Gold" } },
  {
    campaign: "friends",
    customer: { sourceId: "shop-2" },
    channel: "Api",
    metadata: { points: -1, vip: false, tags: ["ab"] },
  },
];

const createFixtureWithPublications = async (open: Open): Promise<Fixture> => {
  const fixture = await createFixture(open);
  const { engine, vouchers, publications, setTime } = fixture;
  await createCampaignWithCodes(engine, "spring", ["SPR-1", "SPR-2", "SPR-3"]);
  await createCampaignWithCodes(engine, "empty", []);
  await createCampaignWithCodes(engine, "friends", ["REF"], { campaignType: "REFERRAL_PROGRAM" });
  await vouchers.create({ code: "GIFT%1", type: "GIFT_VOUCHER", gift: { amount: 500 } });
  for (const [i, request] of PUBLICATIONS.entries()) {
    setTime(`2026-03-1${i + 1}T12:00:00.000Z`);
    const metadata = { ...request.metadata, number: i + 1 };
    await publications.create({ ...request, metadata }).catch(() => "One is meant to fail");
  }
  return fixture;
};

const numbersOf = async ({ publications }: Fixture, filters: FilterOf<"publications">): Promise<string> => {
  const { data } = await publications.list({ filters, order: "createdAt" });
  expect(await publications.count({ filters })).toBe(data.length);
  return data.map(({ metadata }) => metadata.number).join("");
};

const nested = (attribute: string, conditions: object): object => ({ [attribute]: { conditions } });

describe.each(engineStores)("a filter of publications on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixtureWithPublications(open);
  });

  it.each<[string, object, string]>([
    // Text.
    ["channel", { $is: "API" }, "4"],
    ["channel", { $is: "api" }, ""],
    ["channel", { $is_not: "API" }, "1235"],
    ["channel", { $in: ["API", "Api"] }, "45"],
    ["channel", { $not_in: ["API", "Api"] }, "123"],
    ["channel", { $contains: "letter" }, "12"],
    ["channel", { $contains: "letter_" }, "1"],
    ["channel", { $contains: "%" }, "3"],
    ["channel", { $not_contain: "letter" }, "345"],
    ["channel", { $starts_with: "newsletter_" }, "1"],
    ["channel", { $starts_with: "A" }, "45"],
    ["channel", { $ends_with: "October" }, "12"],
    ["channel", { $ends_with: "%" }, "3"],
    ["channel", { $starts_with: "" }, "12345"],
    // Text that may be missing: a negative operator matches a missing value.
    ["source_id", { $is: "order-1" }, "1"],
    ["source_id", { $is_not: "order-1" }, "2345"],
    ["source_id", { $not_in: ["order-1", "ORDER-1"] }, "245"],
    ["source_id", { $contains: "order" }, "1"],
    ["source_id", { $not_contain: "order" }, "2345"],
    ["source_id", { $has_value: "" }, "13"],
    ["source_id", { $is_unknown: true }, "245"],
    // The other attributes.
    ["result", { $is: "FAILURE" }, "4"],
    ["failure_code", { $is: "no_voucher_suitable_for_publication" }, "4"],
    ["failure_code", { $has_value: "" }, "4"],
    ["failure_code", { $is_unknown: "" }, "1235"],
    ["campaign_name", { $in: ["spring", "friends"] }, "125"],
    ["campaign", { $is: "spring" }, "12"],
    ["campaign", { $is_unknown: "" }, "3"],
    ["tracking_id", { $is: "shop-1" }, "14"],
    ["tracking_id", { $is_unknown: "" }, "3"],
    ["is_referral_code", { $is: "true" }, "5"],
    ["is_referral_code", { $is: true }, "5"],
    ["is_referral_code", { $is_not: "true" }, "1234"],
    ["voucher_type", { $is: "GIFT_VOUCHER" }, "3"],
    ["voucher_type", { $is: "gift" }, "3"],
    ["voucher_type", { $in: ["Discount", "loyalty"] }, "1245"],
    ["voucher_type", { $is_not: "discount" }, "3"],
    ["voucher_code", { $is: "SPR-3" }, "2"],
    ["voucher", { $is: "SPR-2" }, "2"],
    ["voucher", { $is_not: "SPR-2" }, "1345"],
    ["voucher", { $contains: "SPR" }, "12"],
    ["voucher", { $starts_with: "GIFT%" }, "3"],
    ["voucher", { $has_value: "" }, "1235"],
    // Time, by strict or inclusive comparison.
    ["created_at", { $after: "2026-03-13T12:00:00Z" }, "45"],
    ["created_at", { $before: "2026-03-13T12:00:00Z" }, "12"],
    ["created_at", { $more_than_equal: "2026-03-13T12:00:00Z" }, "345"],
    ["created_at", { $less_than_equal: "2026-03-13T13:00:00+01:00" }, "123"],
    ["created_at", { $is: "2026-03-13T12:00:00.000Z" }, "3"],
    ["created_at", { $after: "2026-03-13" }, "345"],
    // Metadata: a value is compared by its stored type.
    ["metadata.tier", { $is: "gold" }, "1"],
    ["metadata.tier", { $is_not: "gold" }, "2345"],
    ["metadata.tier", { $not_in: ["gold", "silver"] }, "345"],
    ["metadata.tier", { $has_value: "" }, "124"],
    ["metadata.tier", { $is_unknown: "" }, "35"],
    ["metadata.tier", { $contains: "old" }, "14"],
    ["metadata.points", { $is: "10" }, "12"],
    ["metadata.points", { $is: 10 }, "12"],
    ["metadata.points", { $in: [9.5, "-1"] }, "35"],
    ["metadata.points", { $less_than: "0" }, "5"],
    ["metadata.vip", { $is: "true" }, "13"],
    ["metadata.vip", { $is: true }, "13"],
    ["metadata.vip", { $is: "false" }, "5"],
    ["metadata.tags", { $contains: "a" }, "1"],
    ["metadata.tags", { $not_contain: "a" }, "2345"],
    ["metadata.tags", { $count: 2 }, "1"],
    ["metadata.tags", { $count_less: 1 }, "2"],
    ["metadata.a.b", { $is: 1 }, "1"],
    ["metadata.", { $has_value: "" }, "4"],
    ["metadata.nothing", { $has_value: "" }, ""],
    ["metadata.nothing", { $is_not: "x" }, "12345"],
  ])("by %s with %j gives %s", async (attribute, conditions, numbers) => {
    expect(await numbersOf(fixture, parseFilters(nested(attribute, conditions)))).toBe(numbers);
  });

  it("by a number compares numbers, not texts", async () => {
    const { publications } = fixture;
    const points = where("metadata.points");
    const numbers = await listAll((page) => publications.list({ ...page, filters: points.moreThan(9) }));
    const stored = numbers.map(({ metadata }) => metadata.points).filter((value) => typeof value === "number");
    expect(stored.toSorted()).toEqual([10, 9.5]);
    const between = and(points.moreThanEqual(9.5), points.lessThan(10), where("channel").is("100%"));
    expect(await numbersOf(fixture, between)).toBe("3");
  });

  it.each<[string, FilterOf<"publications">, string]>([
    ["both", and(where("trackingId").is("shop-2"), where("channel").startsWith("news")), "2"],
    ["either", or(where("channel").is("API"), where("metadata.tier").is("gold")), "14"],
    [
      "a nest",
      and(
        where("result").is("SUCCESS"),
        or(where("trackingId").isUnknown(), and(where("campaign").is("spring"), where("sourceId").hasValue())),
      ),
      "13",
    ],
    ["all of nothing", and(), "12345"],
    ["any of nothing", or(), ""],
    ["several codes", where("voucher").countMore(1), "2"],
    ["one of no values", where("channel").in([]), ""],
    ["none of no values", where("channel").notIn([]), "12345"],
    ["a Date", where("createdAt").before(new Date("2026-03-12T12:00:00Z")), "1"],
    ["a truth", where("isReferralCode").is(false), "1234"],
  ])("for %s is built in TypeScript", async (_what, filter, numbers) => {
    expect(await numbersOf(fixture, filter)).toBe(numbers);
  });

  it("of another kind is refused, and so is a nested filter that was not parsed", async () => {
    const expectedError = { code: "invalid_query_params", message: expect.stringContaining("channel") };
    for (const filters of [where("email").is("x"), where("tracking_id" as "trackingId").is("x")]) {
      const query = { filters: filters as FilterOf<"publications"> };
      await expect(fixture.publications.list(query)).rejects.toMatchObject(expectedError);
      await expect(fixture.publications.count(query)).rejects.toMatchObject(expectedError);
    }
    const unparsed = { filters: nested("channel", { $is: "API" }) } as { filters: FilterOf<"publications"> };
    await expect(fixture.publications.list(unparsed)).rejects.toMatchObject({ code: "invalid_query_params" });
  });

  it("by id, customer id, campaign id and voucher id finds the matching publications", async () => {
    const { publications } = fixture;
    const [first, second] = (await publications.list({ order: "createdAt" })).data;
    for (const [attribute, value, numbers] of [
      ["id", first!.id, "1"],
      ["customer_id", first!.customerId, "14"],
      ["customer", second!.customerId, "25"],
      ["parent_object_id", first!.campaignId, "12"],
      ["related_object_id", second!.voucherIds[1], "2"],
    ])
      expect(await numbersOf(fixture, parseFilters(nested(attribute!, { $is: value })))).toBe(numbers);
  });

  it("and the shorthands must all match", async () => {
    const { publications } = fixture;
    const filters = or(where("trackingId").is("shop-1"), where("trackingId").is("shop-2"));
    const numbers = async (query: object) =>
      (await publications.list({ filters, order: "createdAt", ...query })).data.map(({ metadata }) => metadata.number);
    expect(await numbers({})).toEqual([1, 2, 4, 5]);
    expect(await numbers({ result: "SUCCESS" })).toEqual([1, 2, 5]);
    expect(await numbers({ result: "SUCCESS", campaign: "spring" })).toEqual([1, 2]);
  });

  it("is only a text to the store", async () => {
    const { publications } = fixture;
    const before = await publications.count();
    for (const value of ["' OR 1=1 --", '"; DROP TABLE publications; --', "\\", "$1", "?", ":a", "%", "_"]) {
      expect(await publications.count({ filters: where("trackingId").is(value) })).toBe(0);
      expect(await publications.count({ filters: where(`metadata.${value}`).hasValue() })).toBe(0);
    }
    expect(await publications.count()).toBe(before);
  });
});

describe.each(engineStores)("the contract's examples of filters on %s", (_, open) => {
  it.each<[string, object, string]>([
    ["one customer", nested("customer_id", { $is: ["A"] }), "31"],
    ["one of two customers", nested("customer_id", { $in: ["A", "B"] }), "321"],
    ["either customer", { ...nested("customer_id", { $is: ["A", "B"] }), junction: "OR" }, "321"],
    ["both customers", { ...nested("customer_id", { $is: ["A", "B"] }), junction: "AND" }, ""],
    ["both customers, by default", nested("customer_id", { $is: ["A", "B"] }), ""],
    [
      "a campaign or failures",
      { ...nested("campaign_name", { $is: "C1" }), ...nested("result", { $is: "FAILURE" }), junction: "or" },
      "321",
    ],
    ["failures", nested("failure_code", { $has_value: "" }), "3"],
    [
      "several conditions on one attribute, either of which may hold",
      { ...nested("campaign_name", { $is: "C2", $starts_with: "C1" }), junction: "Or" },
      "321",
    ],
  ])("find %s", async (_what, example, expected) => {
    const { engine, customers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "C1", ["P1", "P2"]);
    await createCampaignWithCodes(engine, "C2", []);
    const [a, b] = [await customers.upsert({ sourceId: "A" }), await customers.upsert({ sourceId: "B" })];
    for (const [i, [campaign, customer]] of [["C1", a] as const, ["C1", b] as const, ["C2", a] as const].entries()) {
      setTime(`2026-03-1${i + 1}T00:00:00.000Z`);
      await publications
        .create({ campaign, customer, metadata: { number: i + 1 } })
        .catch(() => "The third is meant to fail");
    }
    const filters = parseFilters(
      JSON.parse(JSON.stringify(example).replaceAll('"A"', `"${a.id}"`).replaceAll('"B"', `"${b.id}"`)),
    );
    const { data } = await publications.list({ filters });
    expect(data.map(({ metadata }) => metadata.number).join("")).toBe(expected);
  });
});
