import { describe, expect, it } from "vitest";
import { type Api, CLIENT_HEADERS, createApi } from "../../support/http-api.ts";

const DISCOUNT = { discount: { type: "PERCENT", percent_off: 10 } };
const CARD = { type: "LOYALTY_CARD", loyalty_card: { points: 100 } };

const createStockedApi = async (): Promise<Api> => {
  const one = await createApi();
  const post = (body: object) => one.ask("POST", "/v1/campaigns", { body: { type: "AUTO_UPDATE", ...body } });
  await post({ name: "autumn", voucher: DISCOUNT });
  await post({ name: "cards", campaign_type: "LOYALTY_PROGRAM", voucher: CARD });
  return one;
};

describe("a new loyalty member", () => {
  it.each(["autumn", { name: "autumn", count: 5 }, null, { name: "cards", count: 5 }])(
    "gets a card of the campaign in the path, for the body %j",
    async (campaign) => {
      const { ask, engine } = await createStockedApi();
      const body = { campaign, customer: "shop-1" };
      const card = await ask("POST", "/v1/loyalties/cards/members", { body });
      expect(card).toMatchObject({ status: 200, body: { campaign: "cards", type: "LOYALTY_CARD" } });
      expect(await engine.publications.count()).toBe(1);
      expect((await engine.campaigns.summary("autumn")).published).toBe(0);
      expect((await engine.campaigns.summary("cards")).published).toBe(1);
    },
  );

  it("cannot get a card of another campaign, by campaign or by voucher", async () => {
    const { ask } = await createStockedApi();
    await ask("POST", "/v1/vouchers/OTHER", { body: CARD });
    const refused = [
      await ask("POST", "/v1/loyalties/autumn/members", { body: { customer: "shop-1" } }),
      await ask("POST", "/v1/loyalties/cards/members", { body: { voucher: "OTHER", customer: "shop-1" } }),
    ];
    expect(refused).toMatchObject([
      { status: 400, body: { key: "invalid_campaign" } },
      { status: 400, body: { key: "invalid_voucher" } },
    ]);
  });
});

describe("null in a body", () => {
  it.each(["/v1/vouchers/publish", "/client/v1/publish"])(
    "does not hide the value in the query of %s",
    async (path) => {
      const { ask } = await createStockedApi();
      const body = { campaign: null, voucher: null, join_once: null, customer: "shop-1" };
      const headers = path.startsWith("/client") ? { headers: CLIENT_HEADERS } : {};
      const first = await ask("POST", `${path}?campaign=autumn&join_once=true`, { body, ...headers });
      const again = await ask("POST", `${path}?campaign=autumn&join_once=true`, { body, ...headers });
      expect([first.status, again.body.id]).toEqual([200, first.body.id]);
    },
  );

  it("is the same as absent, also for a count", async () => {
    const { ask } = await createStockedApi();
    const body = { campaign: { name: "autumn", count: null }, customer: "shop-1" };
    expect(await ask("POST", "/v1/publications", { body })).toMatchObject({ status: 200, body: { voucher: {} } });
  });
});
