import { APP_HEADERS, CLIENT_HEADERS, INTEGRATION_HEADERS, ORIGIN } from "../../../support/http-api.ts";
import {
  ENDPOINTS,
  type HostileRequest,
  headersFor,
  hostileRequest,
  refusedPublication,
  samplePath,
} from "./request.ts";

const fits = (path: string, method: string): boolean =>
  ENDPOINTS.some((one) => one.method === method && new RegExp(`^${one.path.replace(/:\w+/g, "[^/]+")}$`).test(path));
const paths = new Map(ENDPOINTS.map((one) => [samplePath(one), headersFor(one)]));

/** Each path with each method that it does not have. */
const methods: readonly HostileRequest[] = [...paths].flatMap(([path, headers]) =>
  ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]
    .filter((method) => !fits(path, method))
    .map((method) =>
      hostileRequest(`${method} ${path}, which is for other methods`, 405, [method, path], null, { headers }),
    ),
);

const others: readonly HostileRequest[] = [
  hostileRequest("OPTIONS on the server's side", 405, ["OPTIONS", "/v1/publications"]),
  hostileRequest("OPTIONS without an origin", 204, ["OPTIONS", "/client/v1/publish"], null, { headers: {} }),
  hostileRequest("OPTIONS of a path that is none", 404, ["OPTIONS", "/v1/nowhere"]),
  hostileRequest("HEAD of a list", [200, 405], ["HEAD", "/v1/publications"]),
  hostileRequest("HEAD of a list without a key", [401, 405], ["HEAD", "/v1/publications"], null, { headers: {} }),
  hostileRequest(
    "HEAD of a link, as those send who look whether it is safe",
    [200, 400, 403, 405],
    ["HEAD", "/v1/publications/create?campaign=spring&customer=shop-1"],
    null,
    { headers: INTEGRATION_HEADERS },
  ),
  hostileRequest("HEAD of a path for POST", 405, ["HEAD", "/client/v1/publish"], null, { headers: CLIENT_HEADERS }),
];

const KINDS = { "a number": "5", "an array": "[1]", text: '"five"', null: "null", true: "true", nothing: null };
/** Paths whose body may be anything, or an array. */
const TOLERANT = /\/(?:enable|disable)$|\/campaigns\/[^/]+\/vouchers/;
const LISTED = /\/import$/;

const bodyTypeAttacks: readonly HostileRequest[] = ENDPOINTS.filter(
  ({ method }) => method === "POST" || method === "PUT",
)
  .filter(({ path }) => !TOLERANT.test(path))
  .flatMap((one) =>
    Object.entries(KINDS)
      .filter(([kind]) => kind !== "an array" || !LISTED.test(one.path))
      .map(([kind, value]) =>
        hostileRequest(
          `${kind} as the body of ${one.method} ${one.path}`,
          400,
          [one.method, samplePath(one).replace("FREE", one.method === "POST" ? "NEW" : "FREE")],
          value === null ? null : () => value,
          { headers: headersFor(one) },
        ),
      ),
  );

const tolerant: readonly HostileRequest[] = ENDPOINTS.filter(({ path }) => TOLERANT.test(path)).flatMap((one) =>
  Object.entries(KINDS).map(([kind, value]) =>
    hostileRequest(
      `${kind} as the body of ${one.method} ${one.path}, of what is not there`,
      404,
      [one.method, samplePath(one).replace("spring", "nowhere").replace("FREE", "NOPE")],
      value === null ? null : () => value,
    ),
  ),
);

const BROKEN = [
  "{",
  '{"voucher":',
  "{'a':1}",
  "{}{}",
  "[1,",
  "undefined",
  "NaN",
  '"\\x"',
  '{"a":1,}',
  "\u0000",
  "<a/>",
  "[".repeat(100_000),
];
const broken: readonly HostileRequest[] = ENDPOINTS.filter(
  ({ method }) => method === "POST" || method === "PUT",
).flatMap((one, i) => {
  const text = BROKEN[i % BROKEN.length] ?? "{";
  const path = samplePath(one).replace("spring", "nowhere").replace("FREE", "NOPE");
  return [
    hostileRequest(
      `broken JSON, ${JSON.stringify(text.slice(0, 12))}, for ${one.method} ${one.path}`,
      400,
      [one.method, path],
      () => text,
      {
        headers: headersFor(one),
        key: "invalid_payload",
      },
    ),
  ];
});

const TYPES = [
  "text/plain",
  "text/html",
  "application/xml",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "application/jsonx",
  "json",
  "application/octet-stream",
  "text/json;application/json",
];
const types: readonly HostileRequest[] = TYPES.map((type) =>
  hostileRequest(
    `a body as ${type}`,
    415,
    ["POST", "/v1/publications"],
    () => ({ campaign: "spring", customer: "shop-1" }),
    {
      headers: { ...APP_HEADERS, "Content-Type": type },
    },
  ),
);

const TOO_LARGE = 11_000_000;
const BIG = (): string => JSON.stringify({ campaign: "spring", customer: "shop-1", padding: "x".repeat(TOO_LARGE) });
const sizes: readonly HostileRequest[] = (
  [
    ["POST", "/v1/publications", APP_HEADERS],
    ["PUT", "/v1/campaigns/spring", APP_HEADERS],
    ["POST", "/client/v1/publish", CLIENT_HEADERS],
    ["POST", "/v1/campaigns/spring/import", APP_HEADERS],
  ] as const
).flatMap(([method, path, headers]) => [
  hostileRequest(`11 MB for ${path}`, 413, [method, path], BIG, {
    headers: { ...headers, "Content-Length": String(BIG().length) },
  }),
  hostileRequest(`11 MB in chunks for ${path}`, 413, [method, path], BIG, { headers, chunked: true }),
]);

const LINK = "/v1/publications/create?campaign=spring&customer=shop-1";
const PUBLISH = ["POST", "/v1/publications"] as const;
const FROM_WEB = ["POST", "/client/v1/publish?campaign=spring"] as const;
const validPublication = (): object => ({ campaign: "spring", customer: "shop-1" });
const web = (changes: Record<string, string>): HostileRequest["headers"] => ({ ...CLIENT_HEADERS, ...changes });
const { Origin: _, ...CLIENT_WITHOUT_ORIGIN } = CLIENT_HEADERS as Record<string, string>;

const keys: readonly HostileRequest[] = [
  ...Object.entries<Record<string, string>>({
    "no key": {},
    "an empty key": { "X-App-Id": "", "X-App-Token": "" },
    "a wrong token": { ...APP_HEADERS, "X-App-Token": "wrong" },
    "a wrong id": { ...APP_HEADERS, "X-App-Id": "wrong" },
    "no token": { "X-App-Id": "app" },
    "no id": { "X-App-Token": "app-token" },
    "id and token swapped": { "X-App-Id": "app-token", "X-App-Token": "app" },
    "a client's key as a server's": { "X-App-Id": "web", "X-App-Token": "web-token" },
    "a server's key as a client's": { "X-Client-Application-Id": "app", "X-Client-Token": "app-token" },
    "a key of 10,000 characters": { "X-App-Id": "a".repeat(5000), "X-App-Token": "b".repeat(5000) },
    "the token of every object": { "X-App-Id": "__proto__", "X-App-Token": "constructor" },
    "a bearer token": { Authorization: "Bearer app-token" },
    "two keys in one header": { "X-App-Id": "app, app", "X-App-Token": "app-token, app-token" },
  }).map(([title, headers]) => hostileRequest(title, 401, PUBLISH, validPublication, { headers, key: "unauthorized" })),
  hostileRequest("a server's wrong key with a client's right one", [401, 403], PUBLISH, validPublication, {
    headers: { ...CLIENT_HEADERS, "X-App-Id": "app", "X-App-Token": "x" },
  }),
  hostileRequest("a client's key on the server's side", 403, PUBLISH, validPublication, {
    headers: CLIENT_HEADERS,
    key: "wrong_api_endpoint",
  }),
  hostileRequest("a client's key on a link", 403, ["GET", LINK], null, { headers: CLIENT_HEADERS }),
  hostileRequest("a client's key on vouchers", 403, ["GET", "/v1/vouchers"], null, {
    headers: CLIENT_HEADERS,
    key: "wrong_api_endpoint",
  }),
  hostileRequest("a client's key to delete", 403, ["DELETE", "/v1/campaigns/spring"], null, {
    headers: CLIENT_HEADERS,
  }),
  hostileRequest("a server's key on the client's side", 403, FROM_WEB, validPublication, { key: "wrong_api_endpoint" }),
  hostileRequest("an ordinary key on a link", 403, ["GET", LINK], null, { key: "integration_api_key_required" }),
  hostileRequest("no key on a link", 401, ["GET", LINK], null, { headers: {} }),
  ...[
    "https://evil.example",
    "null",
    "*",
    `${ORIGIN}.evil.example`,
    `${ORIGIN}/`,
    "http://shop.example",
    `${ORIGIN}:444`,
  ].map((Origin) =>
    hostileRequest(`the origin ${Origin}`, 403, FROM_WEB, validPublication, {
      headers: web({ Origin }),
      key: "forbidden",
    }),
  ),
  hostileRequest("no origin", 403, FROM_WEB, validPublication, { headers: CLIENT_WITHOUT_ORIGIN, key: "forbidden" }),
  hostileRequest("a client's wrong token", 401, FROM_WEB, validPublication, {
    headers: web({ "X-Client-Token": "x" }),
    key: "unauthorized",
  }),
  hostileRequest(
    "a link for two",
    400,
    ["GET", "/v1/publications/create?campaign[name]=spring&campaign[count]=2&customer=shop-1"],
    null,
    { headers: INTEGRATION_HEADERS, key: "too_many_vouchers_requested" },
  ),
  hostileRequest("text/html only", 406, PUBLISH, validPublication, {
    headers: { ...APP_HEADERS, Accept: "text/html" },
  }),
  hostileRequest("a picture only", 406, ["GET", "/v1/vouchers"], null, {
    headers: { ...APP_HEADERS, Accept: "image/png" },
  }),
  hostileRequest("10,000 characters of Idempotency-Key", 400, PUBLISH, validPublication, {
    headers: { ...APP_HEADERS, "Idempotency-Key": "k".repeat(10_000) },
  }),
  hostileRequest("the Idempotency-Key of another", 400, PUBLISH, validPublication, {
    headers: { ...APP_HEADERS, "Idempotency-Key": "order-1" },
    key: "duplicate_source_id",
  }),
  ...["X-HTTP-Method-Override", "X-Method-Override"].map((name) =>
    hostileRequest(`${name}: DELETE`, 400, PUBLISH, refusedPublication, {
      headers: { ...APP_HEADERS, [name]: "DELETE" },
    }),
  ),
];

export const routeAttacks: readonly HostileRequest[] = [
  ...methods,
  ...others,
  ...bodyTypeAttacks,
  ...tolerant,
  ...broken,
  ...types,
  ...sizes,
  ...keys,
];
