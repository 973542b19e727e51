import { CLIENT_HEADERS, INTEGRATION_HEADERS } from "../../../support/http-api.ts";
import { type HostileRequest, hostileRequest } from "./request.ts";

const LISTS = ["publications", "vouchers", "campaigns", "customers"] as const;
const BAD = "invalid_query_params";
const get = (
  title: string,
  status: number | readonly number[],
  path: string,
  more: Parameters<typeof hostileRequest>[4] = {},
): HostileRequest => hostileRequest(title, status, ["GET", path], null, more);
const repeat = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join("&");

const hugeQueryAttacks: readonly HostileRequest[] = LISTS.flatMap((list) => [
  get(`5,000 parameters for ${list}`, 400, `/v1/${list}?${repeat(5000, (i) => `p${i}=1`)}`, { key: "query_too_large" }),
  get(`100 kB of query for ${list}`, 400, `/v1/${list}?order=${"x".repeat(100_000)}`, { key: "query_too_large" }),
  get(`brackets 50 deep for ${list}`, 400, `/v1/${list}?filters${"[a]".repeat(50)}=1`, { key: "query_too_large" }),
  get(`brackets 10,000 deep for ${list}`, 400, `/v1/${list}?a${"[a]".repeat(3000)}=1`, { key: "query_too_large" }),
  get(`2,000 operands for ${list}`, 400, `/v1/${list}?${repeat(2000, (i) => `filters[id][conditions][$in][${i}]=a`)}`, {
    key: "query_too_large",
  }),
  get(`101 conditions for ${list}`, 400, `/v1/${list}?${repeat(101, (i) => `filters[id][conditions][$is][${i}]=a`)}`, {
    key: "query_too_large",
  }),
  get(`an index of a billion for ${list}`, [200, 400], `/v1/${list}?filters[id][conditions][$in][1000000000]=a`),
  get(`a list of a billion for ${list}`, [200, 400], `/v1/${list}?order[1000000000]=created_at`),
]);

const unknownNameAttacks: readonly HostileRequest[] = LISTS.flatMap((list) => {
  const filter = (text: string): string => `/v1/${list}?filters${text}`;
  const ids = ["id", "created_at", "metadata.<key>"];
  return [
    get(`an unknown attribute of ${list}`, 400, filter("[rank][conditions][$is]=1"), {
      key: BAD,
      details: ["rank", "created_at", "metadata.<key>"],
    }),
    get(`toString as an attribute of ${list}`, 400, filter("[toString][conditions][$is]=1"), {
      key: BAD,
      details: ids,
    }),
    get(`constructor as an attribute of ${list}`, 400, filter("[constructor][conditions][$is]=1"), {
      key: BAD,
      details: ids,
    }),
    get(`an unknown operator on ${list}`, 400, filter("[id][conditions][$regex]=(a%2B)%2B"), {
      key: BAD,
      details: ["$regex", "$is", "$in", "$starts_with"],
    }),
    get(`valueOf as an operator on ${list}`, 400, filter("[id][conditions][valueOf]=1"), {
      key: BAD,
      details: ["$is"],
    }),
    get(`an unknown junction of ${list}`, 400, filter("[junction]=xor"), { key: BAD, details: ["and, or"] }),
    get(`two junctions of ${list}`, 400, filter("[junction][]=and&filters[junction][]=or"), { key: BAD }),
    get(`filters of ${list} that are text`, 400, filter("=a"), { key: BAD }),
    get(`an attribute of ${list} without conditions`, 400, filter("[id]=a"), { key: BAD }),
    get(`no operator on ${list}`, 400, filter("[id][conditions]=a"), { key: BAD }),
    get(
      `__proto__ in a query for ${list}`,
      200,
      `/v1/${list}?__proto__[polluted]=1&constructor[prototype][polluted]=1`,
    ),
    get(`__proto__ in filters of ${list}`, [200, 400], filter("[__proto__][polluted]=1")),
    get(`constructor.prototype in filters of ${list}`, 400, filter("[constructor][prototype][polluted]=1")),
    get(
      `__proto__ in conditions on ${list}`,
      [200, 400],
      filter("[id][conditions][__proto__]=1&filters[id][__proto__][polluted]=1"),
    ),
    get(`encoded __proto__ in a query for ${list}`, 200, `/v1/${list}?%5F%5Fproto%5F%5F%5Bpolluted%5D=1`),
    get(`a date that is none for ${list}`, 400, filter("[created_at][conditions][$after]=yesterday"), { key: BAD }),
    get(`a period that is none for ${list}`, 400, `/v1/${list}?created_at[before]=yesterday`, { key: BAD }),
    get(`a period of text for ${list}`, 400, `/v1/${list}?created_at=yesterday`, { key: BAD }),
    get(`U+0000 in a filter of ${list}`, 400, filter("[id][conditions][$is]=a%00"), { key: BAD }),
  ];
});

const pageAttacks: readonly HostileRequest[] = LISTS.flatMap((list) => [
  ...["0", "-1", "101", "1.5", "five", "", "1e2", "99999999999999999999", "%00"].map((limit) =>
    get(`a limit of ${limit} for ${list}`, 400, `/v1/${list}?limit=${limit}`, { key: BAD }),
  ),
  ...["0", "-1", "1.5", "two", ""].map((page) =>
    get(`page ${page} of ${list}`, 400, `/v1/${list}?page=${page}`, { key: BAD }),
  ),
  ...["1001", "999999999"].map((page) =>
    get(`page ${page} of ${list}`, 400, `/v1/${list}?page=${page}`, { key: "page_over_limit" }),
  ),
  ...["rank", "--created_at", "created_at;DROP TABLE vouchers", "toString", "", "createdAt"].map((order) =>
    get(`${list} in the order ${order}`, 400, `/v1/${list}?order=${encodeURIComponent(order)}`, { key: BAD }),
  ),
  get(`two limits for ${list}`, 400, `/v1/${list}?limit=1&limit=2`, { key: BAD }),
  get(`a limit for ${list} in brackets`, 400, `/v1/${list}?limit[a]=1`, { key: BAD }),
  get(`two orders for ${list}`, 400, `/v1/${list}?order=created_at&order=-created_at`, { key: BAD }),
]);

const otherQueryAttacks: readonly HostileRequest[] = [
  ...["limit=0", "limit=x", "limit=1.5", "limit=101", "page=0", "page=x", "page=1.5"].map((query) =>
    get(`exports by ${query}`, 400, `/v1/exports?${query}`, { key: BAD }),
  ),
  ...["limit=0", "limit=x", "limit=101", "end_date=yesterday", "end_date[a]=1"].map((query) =>
    get(`actions by ${query}`, 400, `/v1/async-actions?${query}`, { key: BAD }),
  ),
  ...["limit=0", "order=rank", "starting_after_id=rh_nobody", "starting_after_id[a]=1"].map((query) =>
    get(`redeemables by ${query}`, 400, `/v1/customers/shop-1/redeemables?${query}`, { key: BAD }),
  ),
  ...["starting_after=yesterday", "email[a]=1", "name[a]=1"].map((query) =>
    get(`customers by ${query}`, 400, `/v1/customers?${query}`, { key: BAD }),
  ),
  ...["campaign[a]=1", "ids=%00", "code[$ne]=1", "customer[a]=1", "filters[active][conditions][$rank]=1"].map((query) =>
    get(`vouchers by ${query}`, 400, `/v1/vouchers?${query}`),
  ),
  ...["result=MAYBE", "voucher_type=RANK", "is_referral_code=maybe", "campaign[a]=1", "source_id[]=1"].map((query) =>
    get(`publications by ${query}`, 400, `/v1/publications?${query}`, { key: BAD }),
  ),
  ...["", "?token=", "?token=wrong", "?token[]=a", "?token[a]=b", `?token=${"x".repeat(10_000)}`].map((query) =>
    get(`rows of an export that is not there by ${query.slice(0, 20)}`, 401, `/v1/exports/exp_1/rows${query}`, {
      headers: {},
      key: "unauthorized",
    }),
  ),
  ...[
    "customer=",
    "customer=shop-1&campaign[count]=1",
    "campaign=spring",
    "customer=shop-1&voucher[a]=1",
    "campaign=spring&customer=shop-1&metadata=a",
    "campaign=spring&customer=shop-1&campaign[__proto__][count]=5&voucher=%00",
  ].map((query) =>
    get(`a link of ${query}`, 400, `/v1/publications/create?${query}`, { headers: INTEGRATION_HEADERS }),
  ),
  ...["join_once=maybe", "join_once[]=true", "campaign[a]=1", "campaign=%00", "voucher[]=FREE"].map((query) =>
    hostileRequest(
      `a client's ${query}`,
      [400, 404],
      ["POST", `/client/v1/publish?${query}`],
      () => ({ customer: "shop-1" }),
      { headers: CLIENT_HEADERS },
    ),
  ),
];

export const queryAttacks: readonly HostileRequest[] = [
  ...hugeQueryAttacks,
  ...unknownNameAttacks,
  ...pageAttacks,
  ...otherQueryAttacks,
];

const PATH_TRICKS: readonly (readonly [title: string, path: string])[] = [
  ["a step up", "/v1/../v1/publications"],
  ["an encoded step up", "/v1/%2e%2e/v1/publications"],
  ["a half encoded step up", "/v1/.%2e/v1/publications"],
  ["many steps up", `/v1/${"../".repeat(500)}v1/publications`],
  ["a step up with an encoded slash", "/v1/..%2fv1/publications"],
  ["a step up out of what anybody may read", "/v1/openapi.json/../publications"],
  ["an encoded step up out of what anybody may read", "/v1/openapi.json/%2e%2e/publications"],
  ["two slashes in front", "//v1/publications"],
  ["two slashes in between", "/v1//publications"],
  ["a slash behind", "/v1/publications/"],
  ["two slashes behind", "/v1/publications//"],
  ["another host", "//evil.example/v1/publications"],
  ["capitals", "/V1/PUBLICATIONS"],
  ["a matrix parameter", "/v1;a=b/publications"],
  ["an encoded question mark", "/v1/publications%3Flimit=1"],
  ["an encoded slash for a slash", "/v1%2Fpublications"],
  ["U+0000 behind", "/v1/publications%00"],
  ["U+0000 as a code", "/v1/vouchers/%00"],
  ["U+0000 in a code", "/v1/vouchers/FREE%00.json"],
  ["a slash in a code", "/v1/vouchers/A%2FB"],
  ["a slash twice encoded", "/v1/vouchers/A%252FB"],
  ["steps up in a code", "/v1/vouchers/..%2F..%2Fcampaigns%2Fspring"],
  ["broken UTF-8", "/v1/vouchers/%E0%A4%A"],
  ["cut-off UTF-8", "/v1/vouchers/%E0%A4"],
  ["bytes that are no UTF-8", "/v1/vouchers/%ff%fe"],
  ["an overlong slash", "/v1/vouchers/%c0%af"],
  ["an encoded surrogate", "/v1/vouchers/%ed%a0%80"],
  ["a percent sign", "/v1/vouchers/%"],
  ["an emoji", "/v1/vouchers/%F0%9F%8E%9F"],
  ["a header", "/v1/vouchers/a%0d%0aX-Injected:%201"],
  ["20,000 characters of code", `/v1/vouchers/${"x".repeat(20_000)}`],
  ["20,000 characters of path", `/${"x/".repeat(10_000)}`],
  ["20,000 percent signs of code", `/v1/campaigns/${"%25".repeat(6000)}`],
  ["__proto__", "/v1/campaigns/__proto__"],
  ["__proto__ for a route", "/v1/__proto__"],
  ["a route's own pattern", "/v1/vouchers/:code/publications"],
  ["a star", "/v1/*"],
  ["another version", "/v2/publications"],
];

/** With a key, each spelling of a path may be answered. Without a key, none may be. */
export const pathAttacks: readonly HostileRequest[] = PATH_TRICKS.flatMap(([title, path]) => [
  get(`${title} in a path`, [200, 400, 404], path),
  get(`${title} in a path, without a key`, [400, 401, 404], path, { headers: {} }),
]);

const DELETES = [
  "/v1/vouchers/",
  "/v1/vouchers/%20",
  "/v1/vouchers/FREE%00",
  "/v1/campaigns/%2573pring",
  "/v1/customers/..%2Fcampaigns%2Fspring",
  "/v1/customers/shop-1%20",
  "/v1/exports/..%2fvouchers%2fFREE",
  "/v1/vouchers/*",
];
export const deletionAttacks: readonly HostileRequest[] = DELETES.map((path) =>
  hostileRequest(`DELETE ${path}`, [400, 404, 405], ["DELETE", path]),
);
