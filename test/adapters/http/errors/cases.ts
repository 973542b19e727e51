import { APP_HEADERS, CLIENT_HEADERS, INTEGRATION_HEADERS, type RequestOptions } from "../../../support/http-api.ts";
import { type Case, customer, detailsContaining, publicationCases } from "./publication-cases.ts";

const badRequest = (
  title: string,
  key: string,
  method: string,
  path: string,
  asked: RequestOptions = {},
  body: object = {},
): Case => ({
  title,
  key,
  status: 400,
  request: [method, path, asked],
  body,
});
const DISCOUNT = { discount: { type: "PERCENT", percent_off: 10 } };
const filter = (text: string): string => `/v1/publications?filters${text}`;

const requestCases: readonly Case[] = [
  badRequest(
    "a link without a customer",
    "invalid_query_params",
    "GET",
    "/v1/publications/create?voucher=FREE",
    { headers: INTEGRATION_HEADERS },
    { details: "Query should have required property 'customer'" },
  ),
  badRequest(
    "a limit of 101",
    "invalid_query_params",
    "GET",
    "/v1/publications?limit=101",
    {},
    detailsContaining("limit"),
  ),
  badRequest(
    "an unknown attribute",
    "invalid_query_params",
    "GET",
    filter("[rank][conditions][$is]=1"),
    {},
    detailsContaining("failure_code"),
  ),
  badRequest(
    "an unknown operator",
    "invalid_query_params",
    "GET",
    filter("[result][conditions][$like]=1"),
    {},
    detailsContaining("$starts_with"),
  ),
  badRequest(
    "an unknown junction",
    "invalid_query_params",
    "GET",
    filter("[junction]=xor"),
    {},
    detailsContaining("and, or"),
  ),
  badRequest(
    "page 1001",
    "page_over_limit",
    "GET",
    "/v1/publications?page=1001",
    {},
    { details: "Property .page cannot be higher than 1000" },
  ),
  badRequest(
    "a query of too many filters",
    "query_too_large",
    "GET",
    `/v1/publications?${Array.from({ length: 101 }, (_, i) => `filters[channel][conditions][$is][${i}]=a`).join("&")}`,
  ),
  badRequest("a campaign of another kind than its vouchers", "invalid_campaign", "POST", "/v1/campaigns", {
    body: { name: "x", campaign_type: "GIFT_VOUCHERS", voucher: DISCOUNT },
  }),
  badRequest("another name for a campaign", "invalid_campaign", "PUT", "/v1/campaigns/spring", {
    body: { name: "autumn" },
  }),
  badRequest("a voucher of a type that it is not", "invalid_voucher", "POST", "/v1/vouchers/NEW", {
    body: { type: "GIFT_VOUCHER", ...DISCOUNT },
  }),
  badRequest("codes of which there are too few", "invalid_code_config", "POST", "/v1/campaigns", {
    body: { name: "x", voucher: { ...DISCOUNT, code_config: { pattern: "ABC" } }, vouchers_count: 2 },
  }),
  badRequest(
    "an unknown column",
    "invalid_export_fields",
    "POST",
    "/v1/exports",
    { body: { exported_object: "publication", parameters: { fields: ["rank"] } } },
    detailsContaining("voucher_code"),
  ),
  badRequest(
    "an unknown order of rows",
    "invalid_export_params",
    "POST",
    "/v1/exports",
    { body: { exported_object: "publication", parameters: { order: "rank" } } },
    detailsContaining("voucher_code"),
  ),
  badRequest(
    "filters of rows that are none",
    "invalid_export_params",
    "POST",
    "/v1/exports",
    { body: { exported_object: "publication", parameters: { filters: { rank: { conditions: { $is: 1 } } } } } },
    detailsContaining("rank"),
  ),
  badRequest("an export of something else", "invalid_payload", "POST", "/v1/exports", {
    body: { exported_object: "order" },
  }),
  badRequest("broken JSON", "invalid_payload", "POST", "/v1/publications", { body: '{"voucher":' }),
];

const GIFT = { headers: { ...CLIENT_HEADERS, Origin: "https://evil.example" }, body: { voucher: "FREE", customer } };
const keyCases: readonly Case[] = [
  {
    title: "no key",
    status: 401,
    key: "unauthorized",
    request: ["GET", "/v1/publications", { headers: {} }],
    body: { message: "Unauthorized" },
  },
  {
    title: "an ordinary key on a link",
    status: 403,
    key: "integration_api_key_required",
    request: ["GET", "/v1/publications/create?voucher=FREE&customer=shop-1", { headers: APP_HEADERS }],
    body: { message: "Forbidden" },
  },
  { title: "another origin", status: 403, key: "forbidden", request: ["POST", "/client/v1/publish", GIFT] },
  {
    title: "a client's key on a server's path",
    status: 403,
    key: "wrong_api_endpoint",
    request: ["GET", "/v1/publications", { headers: CLIENT_HEADERS }],
  },
  {
    title: "a server's key on a client's path",
    status: 403,
    key: "wrong_api_endpoint",
    request: ["POST", "/client/v1/publish", { ...GIFT, headers: APP_HEADERS }],
  },
];

const notFound = (type: string, id: string, method: string, path: string, body?: object): Case => ({
  title: `${method} ${path} of no ${type}`,
  status: 404,
  key: "not_found",
  request: [method, path, body === undefined ? {} : { body }],
  body: {
    message: "Resource not found",
    details: `Cannot find ${type} with id ${id}`,
    resource_id: id,
    resource_type: type,
  },
});
const notFoundCases: readonly Case[] = [
  notFound("campaign", "Nope", "GET", "/v1/campaigns/Nope"),
  notFound("campaign", "a/b", "GET", "/v1/campaigns/a%2Fb"),
  notFound("campaign", "camp_nobody", "POST", "/v1/publications", { campaign: { name: "camp_nobody" }, customer }),
  notFound("voucher", "Nope", "GET", "/v1/vouchers/Nope"),
  notFound("voucher", "v_nobody", "POST", "/v1/publications", { voucher: "v_nobody", customer }),
  notFound("customer", "nobody", "GET", "/v1/customers/nobody"),
  notFound("customer", "cust_nobody", "POST", "/v1/publications", { voucher: "FREE", customer: "cust_nobody" }),
  notFound("customer", "cust_nobody", "POST", "/v1/publications", { voucher: "FREE", customer: { id: "cust_nobody" } }),
];

const duplicate = (type: string, by: string, id: string, path: string, body: object): Case => ({
  title: `a ${type} that is there already`,
  status: 409,
  key: "duplicate_found",
  request: ["POST", path, { body }],
  body: { details: `Duplicated ${type} exists with ${by} ${id}`, resource_id: id, resource_type: type },
});
const mediaTypeCases: readonly Case[] = [
  {
    title: "an answer that nobody accepts",
    status: 406,
    request: ["GET", "/v1/publications", { headers: { ...APP_HEADERS, Accept: "text/html" } }],
  },
  {
    title: "a form",
    status: 415,
    request: [
      "POST",
      "/v1/publications",
      { headers: { ...APP_HEADERS, "Content-Type": "application/x-www-form-urlencoded" }, body: "voucher=FREE" },
    ],
  },
];

export const CASES: readonly Case[] = [
  ...publicationCases,
  ...requestCases,
  ...keyCases,
  ...notFoundCases,
  duplicate("campaign", "name", "spring", "/v1/campaigns", { name: "spring", voucher: DISCOUNT }),
  duplicate("voucher", "id", "FREE", "/v1/vouchers/FREE", DISCOUNT),
  duplicate("voucher", "id", "FREE", "/v1/campaigns/empty/vouchers/FREE", {}),
  ...mediaTypeCases,
];
