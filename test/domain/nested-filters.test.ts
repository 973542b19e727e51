import * as fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { checkFilter } from "../../src/domain/filter-validation.ts";
import { and, type Filter, OPERATORS, or, where } from "../../src/domain/filters.ts";
import { parseNestedFilter } from "../../src/domain/nested-filters.ts";

const parseFilter = (nested: unknown, kind?: Parameters<typeof parseNestedFilter>[1]): Filter => {
  const filter = parseNestedFilter(nested, kind);
  return E.isRight(filter) ? filter.right : expect.fail(`${filter.left.path}: ${filter.left.message}`);
};

describe("the contract's nested filters", () => {
  it.each<[title: string, nested: unknown, filter: Filter]>([
    ["nothing", {}, and()],
    ["nothing, joined by or", { junction: "or" }, and()],
    ["a scalar", { customer_id: { conditions: { $is: "a" } } }, and(where("customerId").is("a"))],
    ["a scalar for $in", { customer_id: { conditions: { $in: "a" } } }, and(where("customerId").in(["a"]))],
    ["a list for $in", { customer_id: { conditions: { $in: ["a", "b"] } } }, and(where("customerId").in(["a", "b"]))],
    [
      "positions for keys",
      { customer_id: { conditions: { $in: { 0: "a", 1: "b" } } } },
      and(where("customerId").in(["a", "b"])),
    ],
    [
      "$is twice",
      { customer_id: { conditions: { $is: ["a", "b"] } }, junction: "OR" },
      or(where("customerId").is("a"), where("customerId").is("b")),
    ],
    [
      "several operators and attributes",
      { channel: { conditions: { $starts_with: "n", $is_not: "news" } }, result: { conditions: { $is: "SUCCESS" } } },
      and<string>(where("channel").startsWith("n"), where("channel").isNot("news"), where("result").is("SUCCESS")),
    ],
    [
      "presence by an empty text",
      { failure_code: { conditions: { $has_value: "" } } },
      and(where("failureCode").hasValue()),
    ],
    ["absence by true", { source_id: { conditions: { $is_unknown: true } } }, and(where("sourceId").isUnknown())],
    ["presence by a list", { source_id: { conditions: { $has_value: ["true"] } } }, and(where("sourceId").hasValue())],
    [
      "text for a boolean",
      { is_referral_code: { conditions: { $is: "true" } } },
      and(where("isReferralCode").is(true)),
    ],
    [
      "a date with a zone",
      { created_at: { conditions: { $after: "2026-03-02T01:00:00+01:00" } } },
      and(where("createdAt").after("2026-03-02T00:00:00.000Z")),
    ],
    [
      "a voucher type in short",
      { voucher_type: { conditions: { $in: ["Gift", "LOYALTY_CARD"] } } },
      and(where("voucherType").in(["GIFT_VOUCHER", "LOYALTY_CARD"])),
    ],
    [
      "a voucher type that is none",
      { voucher_type: { conditions: { $is_not: "lucky_draw" } } },
      and(where("voucherType").isNot("lucky_draw")),
    ],
    [
      "a metadata key with dots",
      { "metadata.a.b": { conditions: { $more_than: 5 } } },
      and(where("metadata.a.b").moreThan(5)),
    ],
    ["how many", { voucher_code: { conditions: { $count_more: "1" } } }, and(where("voucherCode").countMore(1))],
    [
      "the contract's other names",
      { campaign_name: { conditions: { $is: "C1" } }, parent_object_id: { conditions: { $is: "c" } } },
      and<string>(where("campaignName").is("C1"), where("parentObjectId").is("c")),
    ],
    [
      "undefined",
      { channel: undefined, junction: undefined, result: { conditions: { $is: "SUCCESS", $in: undefined } } },
      and(where("result").is("SUCCESS")),
    ],
  ])("read %s", (_, nested, filter) => {
    expect(parseFilter(nested)).toEqual(filter);
  });

  it("belong to the listed kind", () => {
    expect(parseFilter({ code: { conditions: { $is: "A" } } }, "vouchers")).toEqual(and(where("code").is("A")));
    expect(parseNestedFilter({ code: { conditions: { $is: "A" } } })).toMatchObject({ left: { path: "filters.code" } });
  });

  it("name an unknown attribute or operator, and list the known ones", () => {
    const unknown = parseNestedFilter({ chanel: { conditions: { $is: "a" } } });
    expect(unknown).toMatchObject({
      left: {
        code: "invalid_query_params",
        path: "filters.chanel",
        message: expect.stringMatching(/one of: id, result, .*channel, .*metadata\.<key>; there is no "chanel"/),
      },
    });
    expect(parseNestedFilter({ channel: { conditions: { $like: "a" } } })).toMatchObject({
      left: {
        path: "filters.channel.conditions.$like",
        message: expect.stringContaining("$is, $is_not, $in, $not_in"),
      },
    });
    expect(parseNestedFilter({ junction: "xor" })).toMatchObject({
      left: { path: "filters.junction", message: expect.stringContaining("one of: and, or") },
    });
  });

  it("have the same meaning as the builder's filters", () => {
    const texts = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0"));
    const operators = fc.constantFrom(
      "is",
      "isNot",
      "contains",
      "notContain",
      "startsWith",
      "endsWith",
      "moreThan",
      "lessThanEqual",
    );
    const condition = fc.tuple(
      fc.constantFrom("channel", "id", "metadata.tier"),
      operators,
      fc.array(texts, { minLength: 1, maxLength: 3 }),
    );
    void fc.assert(
      fc.property(condition, fc.constantFrom("and", "or"), ([attribute, operator, operands], junction) => {
        const nested = { [attribute]: { conditions: { [OPERATORS[operator]]: operands } }, junction };
        const filters = operands.map(
          (operand): Filter => ({ type: "condition", attribute, operator, operands: [operand] }),
        );
        expect(parseFilter(nested)).toEqual({ type: junction, filters });
      }),
    );
  });

  it("pass the check of filter trees unchanged", () => {
    const filter = parseFilter({
      created_at: { conditions: { $before: "2026-03-02" } },
      voucher_type: { conditions: { $is: "gift" } },
    });
    expect(checkFilter("publications")(filter)).toEqual(E.right(filter));
  });
});

describe("a filter's tree", () => {
  it("has normalized operands", () => {
    const filter = or<string>(
      where("createdAt").after("2026-03-02T01:00:00+01:00"),
      where("createdAt").is(new Date("2026-03-02")),
      where("voucherType").in(["discount", "Loyalty"]),
      and(where("metadata.n").is(-0)),
    );
    expect(checkFilter("publications")(filter)).toEqual(
      E.right(
        or<string>(
          where("createdAt").after("2026-03-02T00:00:00.000Z"),
          where("createdAt").is("2026-03-02T00:00:00.000Z"),
          where("voucherType").in(["DISCOUNT_VOUCHER", "LOYALTY_CARD"]),
          and(where("metadata.n").is(0)),
        ),
      ),
    );
  });

  it("may be as large as the limits", () => {
    let deep: Filter = and(...Array.from({ length: 80 }, (_, i) => where("metadata.n").is(i)));
    for (let level = 1; level < 20; level++) deep = and(deep, where("id").in(["a", "b"]));
    expect(E.isRight(checkFilter("publications")(deep))).toBe(true);
    expect(E.isRight(checkFilter("vouchers")(where("code").in(Array.from({ length: 1000 }, String))))).toBe(true);
  });

  it("is a copy: a later change of the original has no effect", () => {
    const operands = ["a"];
    const checked = checkFilter("vouchers")({ type: "condition", attribute: "code", operator: "in", operands });
    operands.push("b");
    expect(checked).toEqual(E.right(where("code").in(["a"])));
  });

  it("is read once: a getter cannot return a second value", () => {
    let reads = 0;
    const tree = {
      type: "condition",
      operator: "is",
      operands: ["a"],
      get attribute() {
        return reads++ === 0 ? "code" : "code; DROP TABLE vouchers";
      },
    };
    expect(checkFilter("vouchers")(tree)).toEqual(E.right(where("code").is("a")));
  });
});
