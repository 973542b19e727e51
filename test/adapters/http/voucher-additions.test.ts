import { describe, expect, it } from "vitest";
import { DISCOUNT } from "../../support/fixture.ts";
import { APP_HEADERS, type Api, createApi, listen } from "../../support/http-api.ts";

const VOUCHER = { discount: { type: "PERCENT", percent_off: 10 } };

const createStockedApi = async (given: Parameters<typeof createApi>[0] = {}): Promise<Api> => {
  const one = await createApi(given);
  await one.ask("POST", "/v1/campaigns", { body: { name: "spring", voucher: VOUCHER } });
  return one;
};

const importAndGetAction = async ({ ask }: Api, body: unknown): Promise<Record<string, unknown>> => {
  const accepted = await ask("POST", "/v1/campaigns/spring/import", { body });
  expect(accepted.status).toBe(202);
  return (await ask("GET", `/v1/async-actions/${accepted.body.async_action_id}`)).body.result;
};

describe("an import", () => {
  it("imports each valid voucher whole, even if others are invalid", async () => {
    const one = await createStockedApi();
    const details = { expiration_date: "2030-01-01T00:00:00.000Z", additional_info: "x", metadata: { someKey: 1 } };
    const result = await importAndGetAction(one, [
      { code: "A", ...details },
      5,
      "B",
      { code: "C", active: "no" },
      null,
    ]);
    expect(result).toMatchObject({
      done_count: 2,
      failed_count: 3,
      failed: [{ index: 1 }, { index: 3 }, { index: 4 }],
    });
    expect((await one.ask("GET", "/v1/vouchers/A")).body).toMatchObject(details);
    expect((await one.ask("GET", "/v1/vouchers/B")).status).toBe(200);
  });

  it("reports a hundred errors, and counts the others", async () => {
    const result = await importAndGetAction(await createStockedApi(), Array(5000).fill(0));
    expect(result).toMatchObject({ done_count: 0, failed_count: 5000 });
    expect(result.failed).toHaveLength(100);
  });

  it("of more than 100,000 vouchers is refused at once", async () => {
    const one = await createStockedApi();
    const { status, body } = await one.ask("POST", "/v1/campaigns/spring/import", { body: Array(100_001).fill("A") });
    expect([status, body.key]).toEqual([400, "invalid_payload"]);
    expect((await one.ask("GET", "/v1/vouchers")).body.total).toBe(0);
  });

  it("does not delay other requests, even if every voucher is invalid", async () => {
    const one = await createStockedApi();
    let [turns, isOver] = [0, false];
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    turn();
    await importAndGetAction(one, Array(100_000).fill(0));
    isOver = true;
    expect(turns).toBeGreaterThan(50);
  });
});

describe("adding vouchers", () => {
  it.each(["0", "-1", "1.5", "abc", "10000001"])(
    "refuses the number %s with the parameter's name in the API",
    async (count) => {
      const { ask } = await createStockedApi();
      const { status, body } = await ask("POST", `/v1/campaigns/spring/vouchers?vouchers_count=${count}`, { body: {} });
      expect([status, body.key]).toEqual([400, "invalid_query_params"]);
      expect(body.details).toBe("Property .vouchers_count must be a whole number from 1 to 10000000");
    },
  );

  it("gives each voucher the details of the request", async () => {
    const { ask } = await createStockedApi();
    const body = { metadata: { vip: true }, code_config: { pattern: "VIP-###" }, additional_info: "by hand" };
    await ask("POST", "/v1/campaigns/spring/vouchers?vouchers_count=3", { body });
    const { vouchers } = (await ask("GET", "/v1/vouchers")).body;
    expect(vouchers).toHaveLength(3);
    for (const voucher of vouchers)
      expect(voucher).toMatchObject({
        code: expect.stringMatching(/^VIP-/),
        metadata: { vip: true },
        additional_info: "by hand",
      });
  });

  it("to a STANDALONE campaign needs the code, and the error says where to put it", async () => {
    const { engine, ask } = await createStockedApi();
    await engine.campaigns.create({ name: "hand", type: "STANDALONE", voucher: DISCOUNT });
    const refused = await ask("POST", "/v1/campaigns/hand/vouchers", { body: { code: "MINE" } });
    expect(refused).toMatchObject({ status: 400, body: { key: "invalid_campaign" } });
    expect(refused.body.details).toContain("Property .code (at the end of the URL) must be present");
    expect((await ask("POST", "/v1/campaigns/hand/vouchers/MINE", { body: {} })).status).toBe(200);
  });

  it("ends when the caller disconnects, and keeps the added vouchers", async () => {
    const one = await createStockedApi();
    const url = await listen(one.handler);
    const caller = new AbortController();
    const path = `${url}/v1/campaigns/spring/vouchers?vouchers_count=3000000`;
    const response = fetch(path, { method: "POST", headers: APP_HEADERS, signal: caller.signal }).catch(() => "left");
    const count = async (): Promise<number> => (await one.engine.campaigns.summary("spring")).total;
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    caller.abort();
    expect(await response).toBe("left");
    await expect
      .poll(
        async () => {
          const before = await count();
          await new Promise((resolve) => setTimeout(resolve, 100));
          return (await count()) - before;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    expect(await count()).toBeLessThan(3_000_000);
  });
});

describe("a campaign's input", () => {
  it.each([
    ["/v1/vouchers", { campaign: "spring", code: "X", type: "GIFT_VOUCHER" }],
    ["/v1/vouchers/X", { campaign: "spring", type: "LOYALTY_CARD" }],
  ])("has the type of its vouchers from %s with %j", async (path, body) => {
    const { ask } = await createStockedApi();
    expect(await ask("POST", path, { body })).toMatchObject({ status: 400, body: { key: "invalid_voucher" } });
    const reply = await ask("POST", path, { body: { ...body, type: "DISCOUNT_VOUCHER" } });
    expect(reply).toMatchObject({ status: 200, body: { code: "X", type: "DISCOUNT_VOUCHER" } });
  });

  it.each([{ validation_rules: ["val_1"] }, { validity_day_of_week: [1] }, { auto_join: true }])(
    "with an unsupported restriction is refused: %j",
    async (restriction) => {
      const { ask } = await createApi();
      const body = { name: "autumn", voucher: VOUCHER, ...restriction };
      const { status, body: error } = await ask("POST", "/v1/campaigns", { body });
      expect([status, error.key]).toEqual([400, "invalid_payload"]);
      expect(error.details).toContain(`.${Object.keys(restriction)[0]} `);
      const nothing = { validation_rules: [], validity_day_of_week: null, auto_join: false, category: "any" };
      expect((await ask("POST", "/v1/campaigns", { body: { ...body, ...nothing } })).status).toBe(200);
    },
  );

  it("can be changed, except for fixed fields", async () => {
    const { ask } = await createStockedApi();
    const put = (body: object) => ask("PUT", "/v1/campaigns/spring", { body });
    const whole = (await ask("GET", "/v1/campaigns/spring")).body;
    expect((await put({ ...whole, description: "again" })).status).toBe(200);
    expect((await put({ voucher: { code_config: null } })).status).toBe(200);
    expect((await put({ voucher: { code_config: { pattern: "NEW-####" } } })).body.voucher.code_config.pattern).toBe(
      "NEW-####",
    );
    const wrong = await put({ voucher: { code_config: { pattern: "NEW" } } });
    expect(wrong.body).toMatchObject({ code: 400, key: "invalid_code_config" });
    expect(wrong.body.details).toMatch(/^Property \.voucher\.code_config\.pattern must be/);
    for (const change of [
      { id: "camp_x" },
      { name: "x" },
      { auto_join: true },
      { voucher: { discount: { percent_off: 5 } } },
    ])
      expect(await put(change)).toMatchObject({ status: 400, body: { key: "invalid_campaign" } });
  });

  it("for a voucher's code and benefit cannot be changed", async () => {
    const { ask } = await createStockedApi();
    await ask("POST", "/v1/campaigns/spring/vouchers/A");
    const whole = (await ask("GET", "/v1/vouchers/A")).body;
    expect((await ask("PUT", "/v1/vouchers/A", { body: whole })).status).toBe(200);
    for (const change of [{ code: "B" }, { id: "v_x" }, { gift: { amount: 5 } }, { campaign: "autumn" }])
      expect(await ask("PUT", "/v1/vouchers/A", { body: change })).toMatchObject({
        status: 400,
        body: { key: "invalid_voucher" },
      });
  });
});
