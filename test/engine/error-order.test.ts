import type { PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture } from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

/** Requests with one error each, in the order in which errors are reported (contract 2.2). */
const INVALID_REQUESTS: readonly { readonly title: string; readonly code: string; readonly request: object }[] = [
  { title: "no voucher and no campaign", code: "missing_vouchers", request: { voucher: undefined } },
  { title: "no customer", code: "missing_customer", request: { customer: undefined } },
  { title: "an unknown voucher", code: "not_found", request: { voucher: "NOPE" } },
  { title: "an unknown customer id", code: "not_found", request: { customer: "cust_nobody" } },
  { title: "a used source id", code: "duplicate_source_id", request: { sourceId: "order-1" } },
  { title: "a joined customer", code: "voucher_cannot_be_published", request: { joinOnce: true } },
  { title: "a published voucher", code: "voucher_already_published", request: { voucher: "GIVEN" } },
];

describe.each(allStores)("of two errors in a request to publish on %s", (_, open) => {
  const publishError = async (request: object): Promise<unknown> => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "GIVEN"]);
    await createCampaignWithCodes(engine, "autumn", ["X"]);
    await publications.create({ voucher: "GIVEN", customer: "shop-2" });
    await publications.create({ voucher: "A", customer: "shop-1" });
    await publications.create({ voucher: "X", customer: "shop-3", sourceId: "order-1" });
    const valid = { voucher: "B", customer: "shop-1" };
    return publications.create({ ...valid, ...request } as PublicationInput).catch((error: unknown) => error);
  };

  it.each(INVALID_REQUESTS)("$title alone gives $code", async ({ code, request }) => {
    expect(await publishError(request)).toMatchObject({ code });
  });

  const pairs = INVALID_REQUESTS.flatMap((first, i) =>
    INVALID_REQUESTS.slice(i + 1)
      .filter((second) => Object.keys(first.request)[0] !== Object.keys(second.request)[0])
      .map((second) => [first.title, second.title, first, second] as const),
  );
  it.each(pairs)("%s is reported, not %s", async (_first, _second, first, second) => {
    const error = await publishError({ ...second.request, ...first.request });
    expect(error).toMatchObject({ code: first.code });
    if (first.code === "not_found")
      expect(error).toMatchObject({ resource: "voucher" in first.request ? "voucher" : "customer" });
  });

  it("too many vouchers is reported before an empty pool, and after a used source id", async () => {
    const campaign = { name: "spring", count: 51 };
    const customer = "shop-4";
    expect(await publishError({ voucher: undefined, campaign, customer })).toMatchObject({
      code: "too_many_vouchers_requested",
    });
    expect(await publishError({ voucher: undefined, campaign, customer, sourceId: "order-1" })).toMatchObject({
      code: "duplicate_source_id",
    });
  });

  it("a wrong number is reported before errors that need a lookup", async () => {
    const campaign = { name: "nowhere", count: 0 };
    expect(await publishError({ voucher: undefined, campaign, customer: "cust_nobody" })).toMatchObject({
      code: "invalid_payload",
    });
  });
});
