import { createEngine } from "oncecode";
import { createHandler, type HandlerOptions, type RateLimit } from "oncecode/http";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { engineErrorToApiError } from "../../../adapters/http/api-errors.ts";
import { APP_HEADERS, CLIENT_HEADERS, createApi, KEYS, ORIGIN } from "../../support/http-api.ts";

const engine = createEngine({ repository: memoryRepository() });
const AUTUMN = { name: "autumn", type: "AUTO_UPDATE", voucher: { discount: { type: "PERCENT", percent_off: 10 } } };

describe("the caller", () => {
  it.each<[string, object]>([
    ["both", { keys: KEYS, authenticate: () => null }],
    ["neither", { keys: undefined, authenticate: undefined }],
  ])("requires one of `keys` and `authenticate`, not %s", (_, options) => {
    expect(() => createHandler(engine, options as HandlerOptions)).toThrow(
      /Property \.keys must be an object, if there is no authenticate/,
    );
  });

  it("is found by `authenticate`, even if `keys` is undefined", async () => {
    const options = { keys: undefined, authenticate: () => ({ type: "server" }) } as unknown as HandlerOptions;
    const handler = createHandler(engine, options);
    expect((await handler(new Request("http://api.example/v1/campaigns"))).status).toBe(200);
  });

  it("is refused if `authenticate` returns undefined", async () => {
    const { ask } = await createApi({ authenticate: (() => undefined) as never });
    expect((await ask("GET", "/v1/campaigns")).status).toBe(401);
  });

  it.each(["https://shop.example", "capacitor://localhost", "chrome-extension://abcdef", "http://localhost:3000", "*"])(
    "can be a page from %s",
    async (origin) => {
      const client = [{ id: "web", token: "web-token", origins: [origin] }];
      const { ask } = await createApi({ keys: { client, server: KEYS.server ?? [] } });
      await ask("POST", "/v1/campaigns", { body: AUTUMN });
      const headers = { ...CLIENT_HEADERS, Origin: origin };
      const answer = await ask("POST", "/client/v1/publish?campaign=autumn", { headers, body: { customer: "ann" } });
      expect(answer.status).toBe(200);
    },
  );
});

describe("a log that fails", () => {
  it("does not change the response", async () => {
    const throws = (): never => {
      throw new Error("The disk of the log is full");
    };
    const { ask, engine: own } = await createApi({ onResponse: throws, onError: throws });
    await ask("POST", "/v1/campaigns", { body: AUTUMN });
    const body = { campaign: "autumn", customer: "ann" };
    expect((await ask("POST", "/v1/publications", { body })).status).toBe(200);
    expect(await own.publications.count()).toBe(1);
    const broken = await createApi({ authenticate: throws, onError: throws });
    expect((await broken.ask("GET", "/v1/campaigns")).status).toBe(500);
  });
});

describe("a rate limit", () => {
  const LIMIT: RateLimit = { limit: 10, remaining: 3, retryAfter: 5, exceeded: false };

  it.each(["/v1/campaigns", "/v1/campaigns/nope", "/v1/campaigns?limit=no"])(
    "is in the headers of the response to %s",
    async (path) => {
      const { ask } = await createApi({ rateLimit: () => LIMIT });
      const { headers } = await ask("GET", path);
      expect(headers.get("X-Rate-Limit-Limit")).toBe("10");
      expect(headers.get("X-Rate-Limit-Remaining")).toBe("3");
    },
  );

  it("can be read by web pages", async () => {
    const { ask } = await createApi({ rateLimit: () => LIMIT });
    const { headers } = await ask("POST", "/client/v1/publish", { headers: CLIENT_HEADERS, body: {} });
    expect(headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
    expect(headers.get("Access-Control-Expose-Headers")).toContain("X-Rate-Limit-Remaining");
  });

  it("is not requested for a refused caller", async () => {
    let callCount = 0;
    const rateLimit = (): null => {
      callCount += 1;
      return null;
    };
    const { ask } = await createApi({ rateLimit });
    await ask("GET", "/v1/campaigns", { headers: { ...APP_HEADERS, "X-App-Token": "wrong" } });
    expect(callCount).toBe(0);
  });
});

describe("a store that fails in the middle", () => {
  it("keeps the finished part, and the error does not say that nothing was changed", () => {
    const failed = { code: "storage_failed", message: "", cause: null } as const;
    expect(engineErrorToApiError({ ...failed, done: 5 })).toEqual({
      status: 503,
      key: "storage_failed",
      message: "Storage failed",
      details: "5 had been done before, and stay: ask for no more than the rest",
    });
    expect(engineErrorToApiError(failed)).toMatchObject({
      details: "Nothing was changed: try again later",
      headers: { "Retry-After": "1" },
    });
  });
});
