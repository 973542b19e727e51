import {
  APP_HEADERS,
  type Api,
  CLIENT_HEADERS,
  INTEGRATION_HEADERS,
  type Reply,
  type RequestOptions,
} from "../../../support/http-api.ts";

/** A request and its response. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly reply: Reply;
}

const discount = { type: "PERCENT", percent_off: 10, amount_limit: 500, effect: "APPLY_TO_ORDER" };
const address = { city: "Graz", state: null, line_1: "Hauptplatz 1", line_2: null, country: "AT", postal_code: "8010" };
const ann = {
  source_id: "shop-1",
  name: "Ann",
  email: "ann@example.test",
  birthdate: "1990-04-01",
  address,
  metadata: { tier: "gold" },
};
const fullCampaign = {
  name: "spring",
  type: "AUTO_UPDATE",
  vouchers_count: 3,
  description: "Welcome",
  start_date: "2026-01-01T00:00:00.000Z",
  expiration_date: "2039-12-31T00:00:00.000Z",
  activity_duration_after_publishing: "P24D",
  metadata: { a: [1, { b: null }] },
  voucher: {
    discount,
    redemption: { quantity: 1 },
    code_config: { pattern: "SPR-########", prefix: "P", postfix: "Q" },
  },
};
const card = { name: "cards", vouchers_count: 2, voucher: { type: "LOYALTY_CARD", loyalty_card: { points: 5 } } };
const gift = {
  name: "gifts",
  vouchers_count: 2,
  voucher: { type: "GIFT_VOUCHER", gift: { amount: 500, effect: "APPLY_TO_ITEMS" } },
};

/** Calls every endpoint, with different responses, in a possible order. */
export const runScenario = async ({ ask }: Api): Promise<readonly Exchange[]> => {
  const exchanges: Exchange[] = [];
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: RequestOptions["headers"] = APP_HEADERS,
  ): Promise<Reply["body"]> => {
    const reply = await ask(method, path, {
      ...(body !== undefined && { body }),
      ...(headers !== undefined && { headers }),
    });
    exchanges.push({ method, path, body, reply });
    return reply.body;
  };
  const get = (path: string): Promise<Reply["body"]> => call("GET", path);

  for (const campaign of [fullCampaign, card, gift, fullCampaign, { name: "" }])
    await call("POST", "/v1/campaigns", campaign);
  for (const path of [
    "",
    "?limit=1&page=2",
    "?limit=0",
    "/spring",
    "/gifts",
    "/nope",
    "/spring/summary",
    "/nope/summary",
  ])
    await get(`/v1/campaigns${path}`);
  await call("PUT", "/v1/campaigns/gifts", { description: "Gifts", metadata: { b: 1 } });
  await call("PUT", "/v1/campaigns/gifts", { name: "other" });
  await call("POST", "/v1/campaigns/spring/vouchers", {});
  await call("POST", "/v1/campaigns/nope/vouchers", {});
  const added = await call("POST", "/v1/campaigns/spring/vouchers?vouchers_count=2", {});
  await call("POST", "/v1/campaigns/spring/vouchers/MINE", { metadata: { a: 1 } });
  await call("POST", "/v1/campaigns/spring/vouchers/MINE", {});
  const imported = await call("POST", "/v1/campaigns/spring/import", [
    { code: "A" },
    { code: "B" },
    { code: "MINE" },
    {},
  ]);
  await call("POST", "/v1/campaigns/spring/import", { code: "A" });
  for (const verb of ["disable", "enable"]) await call("POST", `/v1/campaigns/spring/${verb}`, {});
  for (const verb of ["disable", "enable"]) await call("POST", `/v1/campaigns/nope/${verb}`, {});

  await call("POST", "/v1/vouchers", { discount, additional_info: "x", metadata: { a: 1 } });
  await call("POST", "/v1/vouchers", {});
  await call("POST", "/v1/vouchers/LINKED", { discount });
  await call("POST", "/v1/vouchers/SOLO", { gift: { amount: 100 }, expiration_date: "2039-12-31" });
  await call("POST", "/v1/vouchers/SOLO", { discount });
  for (const path of ["?limit=100", "?campaign=cards", "?order=rank", "/SOLO", "/MINE", "/NOPE"])
    await get(`/v1/vouchers${path}`);
  await call("PUT", "/v1/vouchers/SOLO", { additional_info: "y", start_date: "2026-01-01" });
  await call("PUT", "/v1/vouchers/SOLO", { discount });
  for (const verb of ["disable", "enable"]) await call("POST", `/v1/vouchers/SOLO/${verb}`);
  for (const verb of ["disable", "enable"]) await call("POST", `/v1/vouchers/NOPE/${verb}`);

  await call("POST", "/v1/customers", ann);
  await call("POST", "/v1/customers", { email: "eve@example.test" });
  await call("POST", "/v1/customers", { source_id: 5 });
  for (const path of [
    "",
    "?limit=1",
    "?starting_after=2026-01-01T00:00:00Z&order=created_at",
    "?limit=x",
    "/shop-1",
    "/nobody",
  ])
    await get(`/v1/customers${path}`);
  await call("PUT", "/v1/customers/shop-1", { phone: "1", address: null });
  await call("PUT", "/v1/customers/shop-1", { birthdate: "soon" });

  const customer = "shop-1";
  const publication = { campaign: "spring", customer, metadata: { a: 1 }, channel: "mail", source_id: "order-1" };
  await call("POST", "/v1/publications", publication);
  await call("POST", "/v1/publications", {
    campaign: { name: "spring", count: 2 },
    customer: { email: "bob@example.test" },
  });
  await call("POST", "/v1/publications", { voucher: "MINE", customer });
  await call("POST", "/v1/publications", { voucher: "MINE", customer });
  await call("POST", "/v1/publications", { customer });
  await call("GET", "/v1/publications/create?voucher=LINKED&customer=shop-1", undefined, INTEGRATION_HEADERS);
  await call("GET", "/v1/publications/create?voucher=LINKED", undefined, INTEGRATION_HEADERS);
  await call("POST", "/client/v1/publish?campaign=gifts", { customer }, CLIENT_HEADERS);
  await call("POST", "/client/v1/publish", { customer }, CLIENT_HEADERS);
  await call("POST", "/v1/vouchers/publish", { campaign: "cards", customer });
  await call("POST", "/v1/vouchers/publish", {});
  await call("POST", "/v1/loyalties/cards/members", { customer: "shop-2" });
  await call("POST", "/v1/loyalties/gifts/members", { customer });
  for (const path of ["?limit=100", "?result=FAILURE", "?page=1001"]) await get(`/v1/publications${path}`);
  for (const path of ["MINE/publications", "NOPE/publications", "MINE"]) await get(`/v1/vouchers/${path}`);
  for (const path of ["shop-1/redeemables", "shop-1/redeemables?limit=1", "nobody/redeemables"])
    await get(`/v1/customers/${path}`);

  await get(`/v1/async-actions`);
  await get(`/v1/async-actions?limit=0`);
  await get(`/v1/async-actions/${added.async_action_id}`);
  await get(`/v1/async-actions/${imported.async_action_id}`);
  await get("/v1/async-actions/aa_nope");

  const exportBody = {
    exported_object: "publication",
    parameters: { fields: ["voucher_code", "metadata.a"], order: "-created_at", filters: {} },
  };
  const { id, result } = await call("POST", "/v1/exports", exportBody);
  await call("POST", "/v1/exports", { exported_object: "publication" });
  await call("POST", "/v1/exports", {});
  for (const path of ["", "?limit=0", `/${id}`, "/exp_nope", `/${id}/rows?token=wrong`])
    await get(`/v1/exports${path}`);
  await call("GET", new URL(result.url).pathname + new URL(result.url).search, undefined, {});
  await call("DELETE", `/v1/exports/${id}`);
  await call("DELETE", `/v1/exports/${id}`);

  for (const path of ["vouchers/SOLO", "customers/shop-2", "campaigns/gifts"]) {
    await call("DELETE", `/v1/${path}?force=true`);
    await call("DELETE", `/v1/${path}`);
  }
  for (const path of ["publications?limit=100", "async-actions", "vouchers?customer=shop-1", "nowhere"])
    await get(`/v1/${path}`);
  await call("GET", "/v1/openapi.json", undefined, {});
  await call("GET", "/v1/publications", undefined, {});
  await call("GET", "/v1/publications", undefined, CLIENT_HEADERS);
  await call("DELETE", "/v1/publications");
  return exchanges;
};
