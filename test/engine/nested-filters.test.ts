import { isOncecodeError, type Kind, parseFilters } from "oncecode";
import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const nested = (attribute: string, conditions: object): object => ({ [attribute]: { conditions } });

const errorIn = (nestedFilters: unknown, kind?: Kind): unknown => {
  try {
    parseFilters(nestedFilters, kind);
  } catch (error) {
    return error;
  }
  return expect.fail("The filter was accepted");
};

describe("a nested filter", () => {
  it("of an unknown attribute is refused, with its name and the known ones", () => {
    const error = errorIn(nested("colour", { $is: "red" }));
    expect(isOncecodeError(error)).toBe(true);
    expect(error).toMatchObject({ code: "invalid_query_params", message: expect.stringContaining("colour") });
    expect(error).toMatchObject({ message: expect.stringMatching(/customer_id.*created_at/s) });
  });

  it("of an unknown operator is refused, with its name and the known ones", () => {
    const error = errorIn(nested("channel", { $like: "x" }));
    expect(error).toMatchObject({ code: "invalid_query_params", message: expect.stringContaining("$like") });
    expect(error).toMatchObject({ message: expect.stringMatching(/\$is.*\$starts_with/s) });
  });

  it("of an unknown junction is refused, with the known ones", () => {
    const error = errorIn({ ...nested("channel", { $is: "x" }), junction: "xor" });
    expect(error).toMatchObject({ code: "invalid_query_params", message: expect.stringMatching(/junction.*and.*or/s) });
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["a text", "channel"],
    ["an attribute without conditions", { channel: {} }],
    ["a date that is none", nested("created_at", { $after: "soon" })],
    ["a truth that is none", nested("is_referral_code", { $is: "maybe" })],
    ["an object for a value", nested("channel", { $is: { a: 1 } })],
  ])("is not %s", (_what, filters) => {
    expect(errorIn(filters)).toMatchObject({ code: "invalid_query_params" });
  });

  it("of a date has no text operators, and of a boolean no comparison", () => {
    for (const wrong of [
      nested("created_at", { $contains: "2026" }),
      nested("is_referral_code", { $more_than: "true" }),
    ])
      expect(errorIn(wrong)).toMatchObject({ code: "invalid_query_params" });
  });

  it("belongs to one kind, by default to publications", () => {
    expect(errorIn(nested("email", { $is: "x" }))).toMatchObject({ code: "invalid_query_params" });
    parseFilters(nested("email", { $is: "x" }), "customers");
    expect(errorIn(nested("channel", { $is: "x" }), "customers")).toMatchObject({ code: "invalid_query_params" });
  });

  it("with too many values is too large", () => {
    const many = Array.from({ length: 100_000 }, (_value, i) => String(i));
    expect(errorIn(nested("channel", { $in: many }))).toMatchObject({ code: "query_too_large" });
  });

  it("without any condition matches everything", async () => {
    const { engine, vouchers } = await createFixture(engineStores[0]![1]);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    expect((await vouchers.list({ filters: parseFilters({}, "vouchers") })).data).toHaveLength(2);
  });
});
