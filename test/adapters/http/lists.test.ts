import { beforeAll, describe, expect, it } from "vitest";
import { type Api, createApi } from "../../support/http-api.ts";
import { engineStores } from "../../support/stores.ts";

const VOUCHER = { discount: { type: "PERCENT", percent_off: 10 } };

/** The contract's example (3.5), with more differences between the records. */
const createExample = async (one: Api, setDay: (day: number) => void): Promise<void> => {
  const post = (path: string, body: object) => one.ask("POST", path, { body });
  await post("/v1/campaigns", { name: "C1", type: "AUTO_UPDATE", voucher: VOUCHER });
  await post("/v1/campaigns", { name: "C2", voucher: { gift: { amount: 500 }, type: "GIFT_VOUCHER" } });
  const more = { channel: "news_March", metadata: { tier: "gold", n: 5, yes: true } };
  await post("/v1/publications", { campaign: "C1", customer: "A", source_id: "order-1", ...more });
  setDay(2);
  await post("/v1/publications", { campaign: { name: "C1", count: 2 }, customer: "B", metadata: { n: 70 } });
  setDay(3);
  await post("/v1/publications", { campaign: "C2", customer: "A" });
};

const NAMES = ["P1", "P2", "P3"];

describe.each(engineStores)("a list of publications on %s", (_, open) => {
  const set = async () => {
    let day = 1;
    const one = await createApi({ open, engine: { clock: () => new Date(`2026-03-0${day}T12:00:00Z`) } });
    await createExample(one, (next) => {
      day = next;
    });
    const { body } = await one.ask("GET", "/v1/publications?order=created_at");
    const ids: readonly string[] = body.publications.map(({ id }: { readonly id: string }) => id);
    const customers: readonly string[] = body.publications.map((p: { readonly customer_id: string }) => p.customer_id);
    return { ...one, ids, customers, body };
  };
  let shared: Awaited<ReturnType<typeof set>>;
  beforeAll(async () => {
    shared = await set();
  });

  /** The names of the results, in order. */
  const listed = async (query: string): Promise<readonly string[]> => {
    const { ask, ids, customers } = shared;
    const filled = query.replaceAll("<A>", customers[0] ?? "").replaceAll("<B>", customers[1] ?? "");
    const { status, body } = await ask("GET", `/v1/publications?${filled}`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.total).toBeGreaterThanOrEqual(body.publications.length);
    return body.publications.map(({ id }: { readonly id: string }) => NAMES[ids.indexOf(id)]);
  };

  it.each([
    ["", "P3 P2 P1"],
    ["order=created_at", "P1 P2 P3"],
    ["limit=1&page=2", "P2"],
    ["filters[customer_id][conditions][$is][0]=<A>", "P3 P1"],
    ["filters[customer_id][conditions][$is]=<A>", "P3 P1"],
    ["filters[customer_id][conditions][$in][0]=<A>&filters[customer_id][conditions][$in][1]=<B>", "P3 P2 P1"],
    ["filters[customer_id][conditions][$in][]=<A>&filters[customer_id][conditions][$in][]=<B>", "P3 P2 P1"],
    [
      "filters[customer_id][conditions][$is][0]=<A>&filters[customer_id][conditions][$is][1]=<B>&filters[junction]=OR",
      "P3 P2 P1",
    ],
    [
      "filters[customer_id][conditions][$is][0]=<A>&filters[customer_id][conditions][$is][1]=<B>&filters[junction]=AND",
      "",
    ],
    ["filters[customer_id][conditions][$is][0]=<A>&filters[customer_id][conditions][$is][1]=<B>", ""],
    ["filters%5Bcustomer_id%5D%5Bconditions%5D%5B%24is%5D%5B0%5D=<B>", "P2"],
    [
      "filters[campaign_name][conditions][$is]=C1&filters[result][conditions][$is]=FAILURE&filters[junction]=or",
      "P3 P2 P1",
    ],
    ["filters[failure_code][conditions][$has_value]=", "P3"],
    ["filters[failure_code][conditions][$has_value]=true", "P3"],
    ["filters[failure_code][conditions][$is_unknown]=", "P2 P1"],
    ["filters[campaign_name][conditions][$is_not]=C1", "P3"],
    ["filters[campaign_name][conditions][$not_in][0]=C1&filters[campaign_name][conditions][$not_in][1]=C2", ""],
    ["filters[channel][conditions][$contains]=s_M", "P1"],
    ["filters[channel][conditions][$not_contain]=s_M", "P3 P2"],
    ["filters[channel][conditions][$starts_with]=news", "P1"],
    ["filters[channel][conditions][$ends_with]=March", "P1"],
    ["filters[channel][conditions][$starts_with]=%25", ""],
    ["filters[metadata.n][conditions][$more_than]=5", "P2"],
    ["filters[metadata.n][conditions][$more_than_equal]=5", "P2 P1"],
    ["filters[metadata.n][conditions][$less_than]=70", "P1"],
    ["filters[metadata.n][conditions][$less_than_equal]=70", "P2 P1"],
    ["filters[metadata.yes][conditions][$is]=true", "P1"],
    ["filters[metadata.tier][conditions][$in][0]=gold", "P1"],
    ["filters[voucher_type][conditions][$is]=GIFT_VOUCHER", "P3"],
    ["filters[is_referral_code][conditions][$is]=false", "P3 P2 P1"],
    ["filters[source_id][conditions][$is]=order-1", "P1"],
    ["filters[created_at][conditions][$after]=2026-03-02T00:00:00Z", "P3 P2"],
    ["filters[created_at][conditions][$before]=2026-03-02", "P1"],
    ["campaign=C1", "P2 P1"],
    ["customer=<A>", "P3 P1"],
    ["result=FAILURE", "P3"],
    ["voucher_type=gift", "P3"],
    ["voucher_type=Discount", "P2 P1"],
    ["source_id=order-1", "P1"],
    ["is_referral_code=true", ""],
    ["is_referral_code=false", "P3 P2 P1"],
    ["created_at[after]=2026-03-02T00:00:00Z&created_at[before]=2026-03-03T00:00:00Z", "P2"],
    ["unknown=ignored", "P3 P2 P1"],
  ])("for %s returns %s", async (query, names) => {
    expect((await listed(query)).join(" ")).toBe(names);
  });

  it("finds a publication with several codes by each of them", async () => {
    const { body } = shared;
    for (const code of body.publications[1].vouchers) expect(await listed(`voucher=${code}`)).toEqual(["P2"]);
  });
});

describe("a list of vouchers", () => {
  const stocked = async (): Promise<Api> => {
    const one = await createApi({ engine: { clock: () => new Date("2026-03-02T00:00:00Z") } });
    const post = (path: string, body?: object) => one.ask("POST", path, { body });
    await post("/v1/campaigns", { name: "C1", voucher: VOUCHER });
    await post("/v1/vouchers/FREE", { ...VOUCHER, metadata: { tier: "gold" } });
    for (const code of ["ON", "OFF"]) await post(`/v1/campaigns/C1/vouchers/${code}`);
    await post("/v1/campaigns/C1/vouchers/OLD", { expiration_date: "2020-01-01" });
    await post("/v1/vouchers/OFF/disable");
    await post("/v1/publications", { voucher: "ON", customer: { source_id: "ann" } });
    return one;
  };
  const codes = async ({ ask }: Api, query: string): Promise<string> => {
    const { status, body } = await ask("GET", `/v1/vouchers?order=code&${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.total).toBe(body.vouchers.length);
    return body.vouchers.map(({ code }: { readonly code: string }) => code).join(" ");
  };

  it.each([
    ["", "FREE OFF OLD ON"],
    ["campaign=C1", "OFF OLD ON"],
    ["code=ON", "ON"],
    ["customer=ann", "ON"],
    ["customer=nobody", ""],
    ["filters[active][conditions][$enabled]=", "FREE OLD ON"],
    ["filters[active][conditions][$disabled]=", "OFF"],
    ["filters[active][conditions][$expired]=", "OLD"],
    ["filters[active][conditions][$active]=", "FREE ON"],
    ["filters[active][conditions][$expired]=&filters[active][conditions][$disabled]=&filters[junction]=or", "OFF OLD"],
    ["filters[active][conditions][$expired]=&filters[code][conditions][$is]=ON&filters[junction]=or", "OLD ON"],
    ["filters[active][conditions][$active]=&filters[code][conditions][$starts_with]=O", "ON"],
    ["filters[active][conditions][$is]=false", "OFF"],
    ["filters[metadata.tier][conditions][$is]=gold", "FREE"],
    ["filters[code][conditions][$in][0]=ON&filters[code][conditions][$in][1]=OFF", "OFF ON"],
    ["filters[expiration_date][conditions][$before]=2021-01-01", "OLD"],
  ])("for %s returns %s", async (query, expected) => {
    expect(await codes(await stocked(), query)).toBe(expected);
  });

  it("filters by ids of vouchers and of campaigns", async () => {
    const one = await stocked();
    const on = (await one.ask("GET", "/v1/vouchers/ON")).body;
    const off = (await one.ask("GET", "/v1/vouchers/OFF")).body;
    expect(await codes(one, `ids[]=${on.id}&ids[]=${off.id}`)).toBe("OFF ON");
    expect(await codes(one, `campaign_id=${on.campaign_id}`)).toBe("OFF OLD ON");
    expect(await codes(one, `filters[campaign_ids][conditions][$in][0]=${on.campaign_id}`)).toBe("OFF OLD ON");
    expect(await codes(one, `customer=${on.holder_id}`)).toBe("ON");
  });

  it.each([
    ["category=x", /\.category /],
    ["filters[active][conditions][$nope]=", /\$is/],
    ["filters[active]=5", /conditions/],
    ["filters=5", /filters/],
    ["created_at[before]=yesterday", /\.created_at\.before must be a date/],
    ["created_at=5", /created_at/],
    ["created_at[foo]=2020", /\.created_at must be given as \[before\] or \[after\]/],
    ["order=price", /created_at, -created_at/],
  ])("is refused for %s", async (query, details) => {
    const { ask } = await stocked();
    const { status, body } = await ask("GET", `/v1/vouchers?${query}`);
    expect([status, body.key]).toEqual([400, "invalid_query_params"]);
    expect(body.details).toMatch(details);
  });
});

describe("the list of a customer's vouchers", () => {
  it("has each voucher once, page by page", async () => {
    const { ask } = await createApi({ engine: { clock: () => new Date("2026-03-02T00:00:00Z") } });
    await ask("POST", "/v1/campaigns", { body: { name: "C1", type: "AUTO_UPDATE", voucher: VOUCHER } });
    for (const count of [3, 4])
      await ask("POST", "/v1/publications", { body: { campaign: { name: "C1", count }, customer: "ann" } });
    for (const order of ["created_at", "-created_at", "id", "-id"]) {
      const ids: string[] = [];
      for (let after = ""; ; ) {
        const { body } = await ask("GET", `/v1/customers/ann/redeemables?limit=2&order=${order}${after}`);
        expect(body.total).toBe(7);
        ids.push(...body.data.map((one: { readonly redeemable_id: string }) => one.redeemable_id));
        if (body.more_starting_after === null) break;
        expect(body.has_more).toBe(true);
        after = `&starting_after_id=${body.more_starting_after}`;
      }
      expect([ids.length, new Set(ids).size]).toEqual([7, 7]);
    }
    const none = await ask("GET", "/v1/customers/ann/redeemables?filters[campaign_id][conditions][$is]=nope");
    expect(none.body).toMatchObject({ data: [], total: 0 });
    const wrong = await ask("GET", "/v1/customers/ann/redeemables?starting_after_id=nope");
    expect([wrong.status, wrong.body.key]).toEqual([400, "invalid_query_params"]);
  });
});

describe("a list of customers by time", () => {
  it("has all customers of the same millisecond, and no other customers", async () => {
    const { ask } = await createApi({ engine: { clock: () => new Date("2026-03-02T00:00:00Z") } });
    for (let i = 0; i < 30; i++)
      await ask("POST", "/v1/customers", { body: { source_id: `c${i}`, email: i % 2 === 0 ? "even@x" : "odd@x" } });
    for (const order of ["created_at", "-created_at"]) {
      const time = order === "created_at" ? "2026-01-01T00:00:00.000Z" : "2027-01-01T00:00:00.000Z";
      const query = `starting_after=${time}&email=odd@x&limit=5&order=${order}`;
      const { body } = await ask("GET", `/v1/customers?${query}`);
      expect(body).toMatchObject({ total: 15, has_more: false });
      expect(new Set(body.customers.map(({ id }: { readonly id: string }) => id)).size).toBe(15);
      expect(body.customers.every(({ email }: { readonly email: string }) => email === "odd@x")).toBe(true);
    }
    const wrong = await ask("GET", "/v1/customers?starting_after=2026-01-01&order=email");
    expect([wrong.status, wrong.body.key]).toEqual([400, "invalid_query_params"]);
  });
});
