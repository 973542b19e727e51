import {
  and,
  type Code,
  type CustomerId,
  createEngine,
  type Engine,
  type EngineError,
  isOncecodeError,
  or,
  type PublicationInput,
  parseFilters,
  type VoucherInput,
  where,
} from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expectTypeOf, it } from "vitest";

declare const engine: Engine;

describe("filters", () => {
  it("offer the conditions that make sense for an attribute", () => {
    where("channel").startsWith("news");
    where("createdAt").after(new Date());
    where("voucherCode").countMore(1);
    where("metadata.tier").moreThan(5);
    where("isReferralCode").is(true);
    // @ts-expect-error A channel is not more than another.
    where("channel").moreThan("a");
    // @ts-expect-error Text is not after other text.
    where("channel").after("2026-01-01");
    // @ts-expect-error Dates do not start with anything.
    where("createdAt").startsWith("2026");
    // @ts-expect-error There is one channel.
    where("channel").count(1);
    // @ts-expect-error True is not more than false.
    where("isReferralCode").moreThan(false);
  });

  it("take operands of the attribute's type", () => {
    // @ts-expect-error A channel is text.
    where("channel").is(5);
    // @ts-expect-error A flag is no text.
    where("isReferralCode").is("true");
    // @ts-expect-error A list takes a list.
    where("channel").in("API");
    // @ts-expect-error Metadata compares scalars.
    where("metadata.tier").is({});
  });

  it("know their attributes", () => {
    // @ts-expect-error There is no such attribute.
    where("chanel");
    // @ts-expect-error These are the contract's names, for parseFilters.
    where("customer_id");
  });

  it("fit the lists of their kind", () => {
    void engine.publications.list({ filters: where("channel").is("API") });
    void engine.publications.list({ filters: and(where("channel").is("API"), where("metadata.a").is(1)) });
    void engine.publications.list({ filters: or(where("id").is("a"), and(where("voucher").is("A"))) });
    void engine.vouchers.list({ filters: where("holderId").is("cust_1") });
    void engine.publications.list({ filters: parseFilters({}) });
    void engine.vouchers.list({ filters: parseFilters({}, "vouchers") });
    // @ts-expect-error Publications have no holder.
    void engine.publications.list({ filters: where("holderId").is("cust_1") });
    // @ts-expect-error Nor deep inside.
    void engine.publications.list({ filters: and(where("channel").is("API"), or(where("holderId").is("cust_1"))) });
    // @ts-expect-error Customers have no channel.
    void engine.customers.list({ filters: where("channel").is("API") });
  });
});

it("lists are ordered by what their kind can be ordered by", () => {
  void engine.publications.list({ order: "-voucherCode" });
  void engine.vouchers.list({ order: "code" });
  // @ts-expect-error Vouchers have no channel.
  void engine.vouchers.list({ order: "channel" });
});

it("errors narrow by their code", () => {
  const error = {} as EngineError;
  switch (error.code) {
    case "not_found":
      expectTypeOf(error.resource).toEqualTypeOf<"campaign" | "voucher" | "customer">();
      break;
    case "invalid_payload":
      expectTypeOf(error.path).toBeString();
      break;
    case "too_many_vouchers_requested":
      expectTypeOf(error.max).toBeNumber();
      break;
    case "outcome_unknown":
      expectTypeOf(error.cause).toBeUnknown();
      break;
  }
  // @ts-expect-error There is no such code.
  if (error.code === "no_such_code") return;
  const thrown: unknown = error;
  if (isOncecodeError(thrown) && thrown.code === "duplicate_source_id") expectTypeOf(thrown.sourceId).toBeString();
  if (isOncecodeError(thrown)) expectTypeOf(thrown.stack).toEqualTypeOf<string | undefined>();
});

it("a publication has one source", () => {
  expectTypeOf<{ voucher: string; customer: string }>().toExtend<PublicationInput>();
  expectTypeOf<{ campaign: string; customer: { email: string } }>().toExtend<PublicationInput>();
  expectTypeOf<{ campaign: { name: string; count: number }; customer: string }>().toExtend<PublicationInput>();
  expectTypeOf<{ customer: string }>().not.toExtend<PublicationInput>();
  expectTypeOf<{ voucher: string }>().not.toExtend<PublicationInput>();
});

it("a voucher is worth what its type says", () => {
  expectTypeOf<{ discount: { type: "PERCENT"; percentOff: number } }>().toExtend<VoucherInput>();
  expectTypeOf<{ campaign: string }>().toExtend<VoucherInput>();
  expectTypeOf<{
    type: "GIFT_VOUCHER";
    discount: { type: "PERCENT"; percentOff: number };
  }>().not.toExtend<VoucherInput>();
  expectTypeOf<{ discount: { type: "PERCENT"; amountOff: number } }>().not.toExtend<VoucherInput>();
});

it("what comes out goes in again, as plain text", () => {
  expectTypeOf<Code>().toExtend<string>();
  expectTypeOf<CustomerId>().toExtend<string>();
  expectTypeOf<string>().not.toExtend<Code>();
});

it("only an engine on a transactional repository joins transactions", () => {
  const plain = createEngine({ repository: memoryRepository() });
  // @ts-expect-error Memory has no transactions.
  plain.within;
});
