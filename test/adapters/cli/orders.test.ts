import { describe, expect, it } from "vitest";
import type { Answer } from "../../../adapters/cli/demo/concurrent-callers.ts";
import { ordersOf, repeatOrder } from "../../../adapters/cli/demo/orders.ts";
import { tallyOf } from "../../../adapters/cli/demo/tally.ts";

describe("orders", () => {
  const buyer = (id: string, tier = "", name = "") => ({ source_id: id, name, email: "", city: "", tier, channel: "" });
  const offer = { merchantCampaign: "own", extendingCampaign: "more", popularCode: "WISH", runId: "now" };

  it("omit fields that the list leaves empty, so that the customer's stored fields stay", () => {
    const [order] = ordersOf([buyer("c1")], offer);
    expect(order?.request.customer).toEqual({ sourceId: "c1" });
  });

  it("ask first for the contested code, then for the merchant's codes, then for the others", () => {
    const orders = ordersOf(
      ["c1", "c2", "c3", "c4", "c5"].map((id) => buyer(id)),
      offer,
    );
    expect(orders[0]?.sources).toEqual([{ voucher: "WISH" }, { campaign: "own" }, { campaign: "more" }]);
    expect(orders[4]?.sources).toEqual([{ campaign: "own" }, { campaign: "more" }]);
  });

  it("are repeated unchanged, except that join-once customers use a new source id", () => {
    const [plain, gold] = ordersOf([buyer("c1"), buyer("c2", "gold")], offer);
    expect(repeatOrder(plain!, { campaign: "own" }).request).toEqual(plain!.request);
    expect(repeatOrder(gold!, { campaign: "own" }).request).toEqual({
      ...gold!.request,
      sourceId: "demo-order-c2-again",
    });
  });

  it("are counted: a publication that was acknowledged twice counts once", () => {
    const [order, gold] = ordersOf([buyer("c1"), buyer("c2", "gold")], offer);
    const source = { campaign: "own" };
    const given = (id: string, of: typeof order, sourceId: string, run = "now"): Answer => ({
      ...{
        type: "accepted",
        order: of!,
        source,
        id,
        codes: [id],
        customerId: id,
        sourceId,
        campaign: "own",
        runId: run,
      },
    });
    const answers: readonly Answer[] = [
      given("p1", order, "demo-order-c1"),
      given("p1", repeatOrder(order!, source), "demo-order-c1"),
      given("p2", gold, "demo-order-c2"),
      given("p2", repeatOrder(gold!, source), "demo-order-c2"),
      given("p3", order, "demo-order-c1", "earlier"),
      { type: "refused", order: order!, source, code: "voucher_already_published", message: "" },
    ];
    const { published, acknowledged, refused, ...counts } = tallyOf(answers, "now");
    expect(counts).toEqual({
      runId: "now",
      requests: 6,
      repeats: 2,
      customersServed: 3,
      replayed: { bySourceId: 2, byJoinOnce: 1 },
    });
    expect(published.map(({ id }) => id)).toEqual(["p1", "p2"]);
    expect(acknowledged.map(({ id }) => id)).toEqual(["p1", "p2", "p3"]);
    expect(refused).toEqual([{ code: "voucher_already_published", message: "", count: 1 }]);
  });
});
