import { createEngine } from "oncecode";
import {
  type AccessLogEntry,
  type Authenticate,
  createHandler,
  type HandlerOptions,
  type RateLimit,
} from "oncecode/http";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { allPublications, contents, createCampaignWithCodes } from "../../support/fixture.ts";
import {
  APP_HEADERS,
  type Api,
  CLIENT_HEADERS,
  createApi,
  INTEGRATION_HEADERS,
  ORIGIN,
  type Reply,
} from "../../support/http-api.ts";
import { WRONG_OPTIONS } from "./access/wrong-options.ts";
import { expectError, REQUEST_ID } from "./expect-error.ts";

const SERVER_PATH = "/v1/publications";
const LINK = "/v1/publications/create?campaign=spring&customer=shop-1";
const FOREIGN = "https://evil.example";

const createStockedApi = async (options: Parameters<typeof createApi>[0] = {}): Promise<Api> => {
  const here = await createApi(options);
  await createCampaignWithCodes(here.engine, "spring", ["SECRET1", "SECRET2", "SECRET3"]);
  return here;
};
const key = (id: string, token: string) => ({ "X-App-Id": id, "X-App-Token": token });
const web = (id: string, token: string, origin?: string) => ({
  "X-Client-Application-Id": id,
  "X-Client-Token": token,
  ...(origin !== undefined && { Origin: origin }),
});
const publish = ({ ask }: Api, headers: Readonly<Record<string, string>>): Promise<Reply> =>
  ask("POST", "/client/v1/publish?campaign=spring", { body: { customer: "shop-1" }, headers });

describe("a list of keys", () => {
  const keys = {
    server: [1, 2, 3].map((n) => ({ id: `app${n}`, token: `token${n}`, ...(n === 3 && { integration: true }) })),
    client: [
      { id: "web1", token: "t1", origins: [ORIGIN, "http://localhost:3000"] },
      { id: "web2", token: "t2", origins: ["*"] },
    ],
  };

  it.each([1, 2, 3])("accepts key %i of several server keys", async (n) => {
    const { ask } = await createStockedApi({ keys });
    expect((await ask("GET", SERVER_PATH, { headers: key(`app${n}`, `token${n}`) })).status).toBe(200);
  });

  it.each([
    ["no key", {}],
    ["an id alone", { "X-App-Id": "app1" }],
    ["a token alone", { "X-App-Token": "token1" }],
    ["empty keys", key("", "")],
    ["another's token", key("app1", "token2")],
    ["id and token the wrong way round", key("token1", "app1")],
    ["a token in other letters", key("app1", "TOKEN1")],
    ["the beginning of a token", key("app1", "token")],
    ["a token with more behind it", key("app1", "token11")],
    ["a client's key as a server's", key("web1", "t1")],
    ["a server's key as a client's", web("app1", "token1")],
    ["a bearer token", { Authorization: "Bearer token1" }],
  ])("refuses %s", async (_what, headers) => {
    const { ask } = await createStockedApi({ keys });
    expectError(await ask("GET", SERVER_PATH, { headers }), 401, "unauthorized");
  });

  it("refuses every caller if there are no keys", async () => {
    const { ask } = await createStockedApi({ keys: {} });
    for (const headers of [{}, key("", ""), web("", "")])
      expectError(await ask("GET", SERVER_PATH, { headers }), 401, "unauthorized");
  });

  it("allows only integration keys to publish by GET", async () => {
    const here = await createStockedApi({ keys });
    const refused = await here.ask("GET", LINK, { headers: key("app1", "token1") });
    expectError(refused, 403, "integration_api_key_required");
    expect(refused.body.message).toBe("Forbidden");
    expect(await allPublications(here.engine)).toEqual([]);
    expect((await here.ask("GET", LINK, { headers: key("app3", "token3") })).status).toBe(200);
  });

  it.each([
    ["the first of its origins", web("web1", "t1", ORIGIN)],
    ["another of its origins", web("web1", "t1", "http://localhost:3000")],
    ["anywhere, if it may", web("web2", "t2", FOREIGN)],
    ["no web page, if it may be used anywhere", web("web2", "t2")],
  ])("allows a client to publish from %s", async (_what, headers) => {
    expect((await publish(await createStockedApi({ keys }), headers)).status).toBe(200);
  });

  it.each([
    ["another origin", FOREIGN],
    ["no origin", undefined],
    ["the origin null", "null"],
    ["the origin *", "*"],
    ["its origin without TLS", "http://shop.example"],
    ["its origin at another port", `${ORIGIN}:8443`],
    ["a domain that ends as its origin", "https://evil-shop.example"],
    ["a domain that begins as its origin", `${ORIGIN}.evil.example`],
    ["two origins at once", `${ORIGIN}, ${FOREIGN}`],
  ])("lets no client publish from %s", async (_what, origin) => {
    const here = await createStockedApi({ keys });
    expectError(await publish(here, web("web1", "t1", origin)), 403, "forbidden");
    expect(await allPublications(here.engine)).toEqual([]);
  });
});

describe("the host's own authentication", () => {
  const caller = { type: "server", integration: true } as const;
  it.each<[string, Authenticate]>([
    ["at once", ({ headers }) => (headers.get("Authorization") === "Bearer x" ? caller : null)],
    ["later", async ({ headers }) => (headers.get("Authorization") === "Bearer x" ? caller : null)],
  ])("says %s who calls", async (_when, authenticate) => {
    const engine = createEngine({ repository: memoryRepository() });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const handler = createHandler(engine, { authenticate });
    const ask = (headers: Readonly<Record<string, string>>): Promise<Response> =>
      handler(new Request(`http://a${LINK}`, { headers }));
    expect((await ask({ Authorization: "Bearer y" })).status).toBe(401);
    expect((await ask(APP_HEADERS)).status).toBe(401);
    expect((await ask({ Authorization: "Bearer x" })).status).toBe(200);
  });

  it("refuses the caller if it fails, and does not tell the reason", async () => {
    const reported: unknown[] = [];
    const authenticate = () => Promise.reject(new Error("ldap://secret is down"));
    const handler = createHandler(createEngine({ repository: memoryRepository() }), {
      authenticate,
      onError: (error) => void reported.push(error),
    });
    const response = await handler(new Request(`http://a${SERVER_PATH}`, { headers: APP_HEADERS }));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(reported).toHaveLength(1);
  });
});

describe("a web page of another origin", () => {
  const preflight = (origin: string) => ({
    Origin: origin,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,x-client-application-id,x-client-token,x-voucherify-channel",
  });
  const allowed = ({ headers }: Reply): string | null => headers.get("Access-Control-Allow-Origin");
  const listed = ({ headers }: Reply, name: string): readonly string[] =>
    (headers.get(name) ?? "").toLowerCase().split(/, */);

  it("gets a positive preflight response if it may publish", async () => {
    const reply = await (await createStockedApi()).ask("OPTIONS", "/client/v1/publish", { headers: preflight(ORIGIN) });
    expect([reply.status, allowed(reply)]).toEqual([204, ORIGIN]);
    expect(listed(reply, "Access-Control-Allow-Methods")).toContain("post");
    for (const name of ["content-type", "x-client-application-id", "x-client-token", "x-voucherify-channel"])
      expect(listed(reply, "Access-Control-Allow-Headers")).toContain(name);
    expect(listed(reply, "Vary")).toContain("origin");
  });

  it("appears in the host's log even for a preflight request", async () => {
    const entries: AccessLogEntry[] = [];
    const { ask } = await createStockedApi({ onResponse: (entry) => void entries.push(entry) });
    const { headers } = await ask("OPTIONS", "/client/v1/publish", { headers: preflight(ORIGIN) });
    expect(headers.get("X-Request-Id")).toMatch(REQUEST_ID);
    expect(entries).toMatchObject([{ method: "OPTIONS", status: 204, requestId: headers.get("X-Request-Id") }]);
  });

  it("gets no positive preflight response if it may not publish", async () => {
    const { ask } = await createStockedApi();
    for (const origin of [FOREIGN, "null", `${ORIGIN}.evil.example`])
      expect(allowed(await ask("OPTIONS", "/client/v1/publish", { headers: preflight(origin) }))).toBeNull();
  });

  it("may read the response and the error", async () => {
    const here = await createStockedApi();
    const good = await publish(here, CLIENT_HEADERS);
    const bad = await here.ask("POST", "/client/v1/publish", { body: { customer: "shop-1" }, headers: CLIENT_HEADERS });
    const stranger = await publish(here, { ...CLIENT_HEADERS, "X-Client-Token": "wrong" });
    expect([good, bad, stranger].map(({ status }) => status)).toEqual([200, 400, 401]);
    expect([good, bad, stranger].map(allowed)).toEqual([ORIGIN, ORIGIN, ORIGIN]);
    for (const reply of [good, bad, stranger]) expect(listed(reply, "Vary")).toContain("origin");
    expect(listed(good, "Access-Control-Expose-Headers")).toContain("x-request-id");
  });

  it("may read no response from an unlisted origin, and none of the server API", async () => {
    const here = await createStockedApi();
    expect(allowed(await publish(here, { ...CLIENT_HEADERS, Origin: FOREIGN }))).toBeNull();
    expect(allowed(await here.ask("GET", SERVER_PATH, { headers: { ...APP_HEADERS, Origin: ORIGIN } }))).toBeNull();
    expect(allowed(await here.ask("OPTIONS", SERVER_PATH, { headers: preflight(ORIGIN) }))).toBeNull();
  });
});

describe("the host's callback", () => {
  it("gets each response with its route and request id, without the path and without codes", async () => {
    const entries: AccessLogEntry[] = [];
    const { ask } = await createStockedApi({ onResponse: (entry) => void entries.push(entry) });
    const replies = [
      await ask("GET", "/v1/vouchers/SECRET1"),
      await ask("POST", "/v1/publications", { body: { voucher: "SECRET1", customer: "ann@example.test" } }),
      await ask("GET", "/v1/vouchers/SECRET9?code=SECRET9", { headers: INTEGRATION_HEADERS }),
      await ask("GET", "/v1/nowhere/SECRET1"),
      await ask("GET", "/v1/vouchers/SECRET1", { headers: {} }),
      await publish({ ask } as Api, CLIENT_HEADERS),
    ];
    expect(entries).toMatchObject([
      { method: "GET", route: "/v1/vouchers/:code", status: 200, caller: "server" },
      { method: "POST", route: "/v1/publications", status: 200, caller: "server" },
      { method: "GET", route: "/v1/vouchers/:code", status: 404, caller: "server" },
      { method: "GET", route: null, status: 404, caller: null },
      { method: "GET", route: "/v1/vouchers/:code", status: 401, caller: null },
      { method: "POST", route: "/client/v1/publish", status: 200, caller: "client" },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/SECRET|ann@|token/);
    const ids = replies.map(({ headers }) => headers.get("X-Request-Id"));
    expect(entries.map(({ requestId }) => requestId)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(REQUEST_ID);
    for (const { milliseconds } of entries) expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  it("is asked for a limit after the caller is authenticated, and the limit becomes headers", async () => {
    const callers: unknown[] = [];
    const limits: (RateLimit | null)[] = [
      { limit: 100, remaining: 1, retryAfter: 0, exceeded: false },
      { limit: 5, remaining: 0, retryAfter: 5, type: "bulk_api_calls", exceeded: true },
      null,
    ];
    const rateLimit: HandlerOptions["rateLimit"] = async (caller) => {
      callers.push(caller);
      return limits.shift() ?? null;
    };
    const { ask } = await createStockedApi({ rateLimit });
    expectError(await ask("GET", SERVER_PATH, { headers: {} }), 401);
    expect(callers).toEqual([]);
    const replies = [await ask("GET", SERVER_PATH), await ask("GET", SERVER_PATH), await ask("GET", SERVER_PATH)];
    const shown = (name: string) => replies.map(({ headers }) => headers.get(name));
    expect(replies.map(({ status }) => status)).toEqual([200, 429, 200]);
    expect(shown("X-Rate-Limit-Limit")).toEqual(["100", "5", null]);
    expect(shown("X-Rate-Limit-Remaining")).toEqual(["1", "0", null]);
    expect(shown("X-Rate-Limit-Type")).toEqual(["api_calls", "bulk_api_calls", null]);
    expect(shown("Retry-After")).toEqual([null, "5", null]);
    expect(callers).toMatchObject([{ type: "server" }, { type: "server" }, { type: "server" }]);
  });
});

describe("wrong options", () => {
  it.each(WRONG_OPTIONS)("are refused with the name of the option: %s", async (_what, options, field) => {
    const engine = createEngine({ repository: memoryRepository() });
    const before = await contents(engine);
    const create = (): unknown => createHandler(engine, options as HandlerOptions);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`Property .${field}`);
    expect(await contents(engine)).toEqual(before);
  });
});
