import { createEngine, type Repository, unchanged } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { allPublications, contents, createCampaignWithCodes } from "../../support/fixture.ts";
import {
  APP_HEADERS,
  type Api,
  CLIENT_HEADERS,
  createApi,
  INTEGRATION_HEADERS,
  type Reply,
  type RequestOptions,
} from "../../support/http-api.ts";
import { overrideMethods } from "../../support/override-methods.ts";
import { CASES } from "./errors/cases.ts";
import { createErrorFixture } from "./errors/fixture.ts";
import type { Case } from "./errors/publication-cases.ts";
import { expectError, expectTooLarge } from "./expect-error.ts";

const sendCase = ({ ask }: Api, { request: [method, path, options] }: Case): Promise<Reply> =>
  ask(method, path, options);

describe("each error has its status, key and message", () => {
  it.each(CASES.map((one) => [one.key ?? one.status, one.title, one] as const))("%s: %s", async (_key, _what, one) => {
    const here = await createErrorFixture();
    const reply = await sendCase(here, one);
    expectError(reply, one.status, one.key);
    expect(reply.body).toMatchObject(one.body ?? {});
  });

  it("an error about a published voucher has the voucher's id", async () => {
    const here = await createErrorFixture();
    const { id } = await here.engine.vouchers.get("GIVEN");
    const { body } = await here.ask("POST", "/v1/publications", { body: { voucher: "GIVEN", customer: "shop-2" } });
    expect(body.details).toBe(`Voucher '${id}' has already been published`);
  });

  it("each error key has a test case", () => {
    const keys = new Set(CASES.map(({ key }) => key));
    expect(keys.size).toBeGreaterThanOrEqual(24);
  });

  it("only a failure after the customer is known is stored", async () => {
    for (const one of CASES) {
      const here = await createErrorFixture();
      const before = await contents(here.engine);
      // By id: publications of the same millisecond have no fixed order.
      const earlierIds = new Set((await allPublications(here.engine)).map(({ id }) => id));
      await sendCase(here, one);
      const added = (await allPublications(here.engine)).filter(({ id }) => !earlierIds.has(id));
      const failure = { result: "FAILURE", failureCode: one.key };
      expect(added, one.title).toMatchObject(one.recorded === true ? [failure] : []);
      if (one.recorded !== true) expect(await contents(here.engine), one.title).toEqual(before);
    }
  });
});

describe("an error that is not in the contract's table", () => {
  it("405 has the methods in `Allow`", async () => {
    const { ask } = await createApi();
    const reply = await ask("DELETE", "/v1/publications");
    expectError(reply, 405);
    const allowed = reply.headers.get("Allow")?.split(/, */) ?? [];
    expect(allowed).toEqual(expect.arrayContaining(["GET", "POST"]));
    expect(allowed).not.toContain("DELETE");
  });

  it("413 has its own shape", async () => {
    const { ask } = await createApi({ bodyMax: 100 });
    expectTooLarge(await ask("POST", "/v1/publications", { body: { channel: "x".repeat(100) } }), 100);
    expectError(await ask("POST", "/v1/publications", { body: { channel: "x".repeat(50) } }), 400, "missing_vouchers");
  });

  it("429 has the seconds to wait", async () => {
    const rateLimit = () => ({ limit: 100, remaining: 0, retryAfter: 7, exceeded: true });
    const { ask, engine } = await createErrorFixture({ rateLimit });
    const before = await contents(engine);
    const reply = await ask("POST", "/v1/publications", { body: { voucher: "FREE", customer: "shop-1" } });
    expectError(reply, 429);
    expect(reply.body.message).toBe("Too many requests hit the API too quickly.");
    const names = [
      "X-Rate-Limit-Limit",
      "X-Rate-Limit-Remaining",
      "X-Rate-Limit-Retry",
      "X-Rate-Limit-Type",
      "Retry-After",
    ];
    expect(names.map((name) => reply.headers.get(name))).toEqual(["100", "0", "7", "api_calls", "7"]);
    expect(await contents(engine)).toEqual(before);
  });
});

describe("a store that fails", () => {
  const cause = new Error("password=hunter2 refused by 10.0.0.7");
  const failing = async (settle: Repository["settle"]): Promise<{ reply: Reply; reports: unknown[][] }> => {
    const repository = memoryRepository();
    await createCampaignWithCodes(createEngine({ repository }), "spring", ["A"]);
    const reports: unknown[][] = [];
    const onError = (...args: unknown[]): void => void reports.push(args);
    const { ask } = await createApi({ open: async () => overrideMethods(repository, { settle }), onError });
    const body = { campaign: "spring", customer: "shop-1", source_id: "order-1" };
    return { reply: await ask("POST", "/v1/publications", { body }), reports };
  };

  it.each([
    ["certain that nothing was written", 503, "storage_failed", () => Promise.reject(unchanged(cause))],
    ["not certain of anything", 504, "outcome_unknown", () => Promise.reject(cause)],
  ] as const)("%s becomes %i %s, and only the host gets its cause", async (_what, status, key, settle) => {
    const { reply, reports } = await failing(settle);
    expectError(reply, status, key);
    expect(JSON.stringify([reply.body, [...reply.headers]])).not.toMatch(/hunter2|10\.0\.0\.7|password/);
    expect(reports).toHaveLength(1);
    const [error, requestId] = reports[0] ?? [];
    expect(requestId).toBe(reply.body.request_id);
    expect(error).toMatchObject({ code: key, cause: expect.anything() });
  });

  it("an unknown outcome is answered with the publication's id", async () => {
    const { reply } = await failing(() => Promise.reject(cause));
    expect(reply.body).toMatchObject({ resource_id: expect.stringMatching(/^pub_/), resource_type: "publication" });
  });
});

const publishPrepared = async (
  body: object,
  headers: RequestOptions["headers"] = APP_HEADERS,
  query = "",
): Promise<{ here: Api; reply: Reply }> => {
  const here = await createErrorFixture();
  const reply = await here.ask("POST", `/v1/publications${query}`, { body, headers: headers ?? APP_HEADERS });
  return { here, reply };
};
const publishAgain = ({ ask }: Api, body: object, headers: RequestOptions["headers"] = APP_HEADERS): Promise<Reply> =>
  ask("POST", "/v1/publications", { body, headers: headers ?? APP_HEADERS });

describe("a publication", () => {
  it("has the contract's defaults", async () => {
    const { reply } = await publishPrepared({ voucher: "FREE", customer: { email: "eve@example.test" } });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      id: expect.stringMatching(/^pub_/),
      object: "publication",
      channel: "API",
      source_id: null,
      tracking_id: null,
      metadata: {},
      result: "SUCCESS",
      customer: { object: "customer", email: "eve@example.test", source_id: null },
      voucher: { code: "FREE", object: "voucher", publish: { object: "list", count: 1 } },
      vouchers_id: [expect.stringMatching(/^v_/)],
    });
    expect(reply.body).not.toHaveProperty("vouchers");
    expect(reply.body.voucher.holder_id).toBe(reply.body.customer_id);
  });

  it("treats null as absent", async () => {
    const nulls = { channel: null, metadata: null, source_id: null, campaign: null };
    const { reply } = await publishPrepared({ voucher: "FREE", customer: "shop-1", ...nulls });
    expect(reply.body).toMatchObject({ channel: "API", metadata: {}, source_id: null, result: "SUCCESS" });
  });

  it("of two vouchers has their codes and ids in the same order", async () => {
    const here = await createErrorFixture();
    await here.engine.campaigns.addVouchers("empty", { codes: ["E1", "E2"] });
    const { body } = await publishAgain(here, { campaign: { name: "empty", count: "2" }, customer: "shop-1" });
    expect([...body.vouchers].sort()).toEqual(["E1", "E2"]);
    expect(body).not.toHaveProperty("voucher");
    const ids = await Promise.all(body.vouchers.map(async (code: string) => (await here.engine.vouchers.get(code)).id));
    expect(body.vouchers_id).toEqual(ids);
  });

  it("has the source id of the header Idempotency-Key, and is replayed by it", async () => {
    const headers = { ...APP_HEADERS, "Idempotency-Key": "click-1" };
    const body = { voucher: "FREE", customer: "shop-1" };
    const { here, reply } = await publishPrepared(body, headers);
    expect(reply.body).toMatchObject({ source_id: "click-1", voucher: { code: "FREE" } });
    const second = await publishAgain(here, body, headers);
    expect(second.body).toMatchObject({ id: reply.body.id, source_id: "click-1", voucher: { code: "FREE" } });
    expectError(
      await publishAgain(here, { voucher: "OTHER", customer: "shop-2" }, headers),
      400,
      "duplicate_source_id",
    );
  });

  it("has the source id of the body if there is also a header", async () => {
    const body = { voucher: "FREE", customer: "shop-1", source_id: "body-1" };
    const { reply } = await publishPrepared(body, { ...APP_HEADERS, "Idempotency-Key": "header-1" });
    expect(reply.body.source_id).toBe("body-1");
  });

  it.each([
    ["the query", {}, "?join_once=true"],
    ["the body", { join_once: true }, ""],
  ])("is replayed for a customer with join_once, by %s", async (_where, more, query) => {
    const body = { campaign: "spring", customer: "shop-1", ...more };
    const { here, reply } = await publishPrepared(body, APP_HEADERS, query);
    const first = (await allPublications(here.engine)).find(({ codes }) => codes.map(String).includes("GIVEN"));
    expect(reply.body).toMatchObject({ id: first?.id, result: "SUCCESS", voucher: { code: "GIVEN" } });
    expect(await allPublications(here.engine)).toHaveLength(3);
  });

  it("is of the named voucher if the request also names a campaign", async () => {
    const { reply } = await publishPrepared({ campaign: "empty", voucher: "FREE", customer: "shop-1" });
    expect(reply.body).toMatchObject({ result: "SUCCESS", voucher: { code: "FREE", campaign: "spring" } });
  });

  it("accepts a campaign as a text, and by its id", async () => {
    const { here, reply } = await publishPrepared({ campaign: "spring", customer: "shop-1" });
    expect(reply.body.voucher.code).toBe("FREE");
    await here.engine.campaigns.addVouchers("empty", { codes: ["E1"] });
    const { id } = await here.engine.campaigns.get("empty");
    expect((await publishAgain(here, { campaign: { name: id }, customer: "shop-1" })).body.voucher.code).toBe("E1");
  });

  it("accepts a voucher by its id", async () => {
    const here = await createErrorFixture();
    const { id } = await here.engine.vouchers.get("FREE");
    const { body } = await publishAgain(here, { voucher: id, customer: "shop-1" });
    expect(body).toMatchObject({ vouchers_id: [id], voucher: { id, code: "FREE" } });
  });

  it("can be requested by GET", async () => {
    const link = "/v1/publications/create?voucher=FREE&customer[source_id]=shop-1&metadata[tier]=gold&metadata[n]=5";
    const { body } = await (await createErrorFixture()).ask("GET", link, { headers: INTEGRATION_HEADERS });
    expect(body).toMatchObject({ channel: "API", tracking_id: "shop-1", voucher: { code: "FREE" } });
    expect(body.metadata).toEqual({ tier: "gold", n: "5" });
  });

  it("can be requested from a web page", async () => {
    const options = { headers: CLIENT_HEADERS, body: { customer: "shop-1", channel: "Voucherify.js" } };
    const { body } = await (await createErrorFixture()).ask("POST", "/client/v1/publish?campaign=spring", options);
    expect(body).toMatchObject({ channel: "Voucherify.js", tracking_id: "shop-1", voucher: { code: "FREE" } });
  });

  it("that failed is in the list with its reason", async () => {
    const here = await createErrorFixture();
    const error = (await publishAgain(here, { campaign: "empty", customer: "shop-1", metadata: { tier: "gold" } }))
      .body;
    const { body } = await here.ask("GET", "/v1/publications?result=FAILURE");
    expect(body).toMatchObject({ object: "list", data_ref: "publications", total: 1 });
    expect(body.publications[0]).toMatchObject({
      object: "publication",
      result: "FAILURE",
      failure_code: "no_voucher_suitable_for_publication",
      failure_message: error.message,
      tracking_id: "shop-1",
      channel: "API",
      source_id: null,
      metadata: { tier: "gold" },
      customer: { source_id: "shop-1", object: "customer" },
      vouchers: [],
      vouchers_id: [],
    });
    expect(body.publications[0]).not.toHaveProperty("voucher");
  });
});
