import { parse } from "csv-parse/sync";
import { unchanged } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { type Api, createApi } from "../../support/http-api.ts";

const VOUCHER = { discount: { type: "PERCENT", percent_off: 10 } };

/** Two publications with three codes, and a failed publication. The clock never shows the same millisecond twice. */
const createPublishedApi = async (): Promise<Api> => {
  let now = Date.now();
  const one = await createApi({ engine: { clock: () => new Date(now++) } });
  const { ask } = one;
  await ask("POST", "/v1/campaigns", { body: { name: "spring", voucher: VOUCHER } });
  for (const code of ["=A,1", 'B"2', "C3"])
    await ask("POST", `/v1/campaigns/spring/vouchers/${encodeURIComponent(code)}`);
  const two = { campaign: { name: "spring", count: 2 }, customer: { source_id: "ann" }, channel: "news\nletter" };
  await ask("POST", "/v1/publications", { body: { ...two, metadata: { tier: "gold", n: 5, deep: { a: 1 } } } });
  await ask("POST", "/v1/publications", { body: { campaign: "spring", customer: "bob" } });
  await ask("POST", "/v1/publications", { body: { campaign: "spring", customer: "cid" } });
  return one;
};

type Rows = readonly Readonly<Record<string, string>>[];

const rowsOf = async ({ ask, handler }: Api, parameters?: object): Promise<Rows> => {
  const { status, body } = await ask("POST", "/v1/exports", { body: { exported_object: "publication", parameters } });
  expect(status).toBe(200);
  const csv = await handler(new Request(body.result.url));
  expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
  return parse(await csv.text(), { columns: true });
};

describe("an export", () => {
  it("has a row for each code and for each failed publication, newest first", async () => {
    const rows = await rowsOf(await createPublishedApi());
    expect(rows.map((row) => row.customer_source_id)).toEqual(["cid", "bob", "ann", "ann"]);
    expect(rows[0]?.voucher_code).toBe("");
    const codes = rows.slice(1).map((row) => row.voucher_code);
    expect(codes.toSorted()).toEqual(["=A,1", 'B"2', "C3"].toSorted());
    expect(rows[2]).toMatchObject({ channel: "news\nletter", campaign: "spring", is_winner: "" });
    expect(JSON.parse(rows[2]?.metadata ?? "")).toEqual({ tier: "gold", n: 5, deep: { a: 1 } });
  });

  it("has the requested columns, order and rows", async () => {
    const rows = await rowsOf(await createPublishedApi(), {
      fields: ["metadata.tier", "voucher_code", "metadata.n", "metadata.deep", "metadata.none"],
      order: "created_at",
      filters: { result: { conditions: { $is: "SUCCESS" } }, "metadata.tier": { conditions: { $is: "gold" } } },
    });
    expect(rows.map(({ voucher_code: _, ...row }) => row)).toEqual(
      Array.from({ length: 2 }, () => ({
        "metadata.tier": "gold",
        "metadata.n": "5",
        "metadata.deep": '{"a":1}',
        "metadata.none": "",
      })),
    );
  });

  it("marks a text that a spreadsheet would read as a formula, except codes and numbers", async () => {
    const one = await createApi();
    await one.ask("POST", "/v1/vouchers/-CODE", { body: VOUCHER });
    const evil = "=HYPERLINK(1)";
    const body = { voucher: "-CODE", customer: "@bob", channel: evil, metadata: { evil, n: -5 } };
    await one.ask("POST", "/v1/publications", { body });
    const fields = ["voucher_code", "customer_source_id", "channel", "metadata.evil", "metadata.n"];
    expect((await rowsOf(one, { fields })).map((row) => Object.values(row))).toEqual([
      ["-CODE", "'@bob", `'${evil}`, `'${evil}`, "-5"],
    ]);
  });

  it("streams more than one page of publications", async () => {
    const one = await createApi();
    await one.ask("POST", "/v1/campaigns", { body: { name: "spring", type: "AUTO_UPDATE", voucher: VOUCHER } });
    await Promise.all(
      Array.from({ length: 350 }, (_, i) =>
        one.ask("POST", "/v1/publications", { body: { campaign: "spring", customer: `c${i}` } }),
      ),
    );
    const rows = await rowsOf(one, { fields: ["voucher_code", "customer_source_id"] });
    expect(new Set(rows.map((row) => row.voucher_code)).size).toBe(350);
    expect(new Set(rows.map((row) => row.customer_source_id)).size).toBe(350);
  });

  it("has a URL with the prefix of the API", async () => {
    const { ask, handler } = await createApi({ publicUrl: "https://shop.example/promotions/" });
    const { body } = await ask("POST", "/v1/exports", { body: { exported_object: "publication" } });
    expect(body.result.url).toMatch(/^https:\/\/shop\.example\/promotions\/v1\/exports\/exp_\w+\/rows\?token=/);
    // The URL behind the proxy, without the prefix.
    const own = body.result.url.replace("https://shop.example/promotions", "http://internal:3000");
    expect((await handler(new Request(own))).status).toBe(200);
  });

  it("that breaks because the store fails is reported to the host, and its reader gets an error", async () => {
    const store = memoryRepository();
    let pages = 0;
    const page = async (query: never) => {
      pages += 1;
      if (pages > 2) throw unchanged(new Error("The disk is gone"));
      return store.page(query);
    };
    const reported: unknown[] = [];
    const one = await createApi({
      open: async () => ({ ...store, page }) as never,
      onError: (error) => reported.push(error),
    });
    await one.ask("POST", "/v1/campaigns", { body: { name: "spring", type: "AUTO_UPDATE", voucher: VOUCHER } });
    const publish = (_: unknown, i: number) =>
      one.ask("POST", "/v1/publications", { body: { campaign: "spring", customer: `c${i}` } });
    await Promise.all(Array.from({ length: 350 }, publish));
    const { body } = await one.ask("POST", "/v1/exports", { body: { exported_object: "publication" } });
    pages = 0;
    const csv = await one.handler(new Request(body.result.url));
    await expect(csv.text()).rejects.toThrow();
    expect(reported).toMatchObject([{ code: "storage_failed" }]);
  });

  it("stops when its reader disconnects", async () => {
    const store = memoryRepository();
    let pages = 0;
    const page = async (query: never) => {
      pages += 1;
      return store.page(query);
    };
    const one = await createApi({ open: async () => ({ ...store, page }) as never });
    await one.ask("POST", "/v1/campaigns", { body: { name: "spring", type: "AUTO_UPDATE", voucher: VOUCHER } });
    const publish = (_: unknown, i: number) =>
      one.ask("POST", "/v1/publications", { body: { campaign: "spring", customer: `c${i}` } });
    await Promise.all(Array.from({ length: 1000 }, publish));
    const { body } = await one.ask("POST", "/v1/exports", { body: { exported_object: "publication" } });
    pages = 0;
    const reader = (await one.handler(new Request(body.result.url))).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(pages).toBeLessThan(5);
  });

  it("is in lists in both orders, page by page", async () => {
    const { ask } = await createApi();
    const make = async () => (await ask("POST", "/v1/exports", { body: { exported_object: "publication" } })).body.id;
    const ids = [await make(), await make(), await make()];
    const listed = async (query: string) =>
      (await ask("GET", `/v1/exports?${query}`)).body.exports.map(({ id }: { readonly id: string }) => id);
    expect(await listed("")).toEqual(ids.toReversed());
    expect(await listed("order=created_at&limit=2")).toEqual(ids.slice(0, 2));
    expect(await listed("order=created_at&limit=2&page=2")).toEqual(ids.slice(2));
    for (const query of ["order=status", "limit=0", "limit=1.5", "page=0", "page=x"])
      expect(await ask("GET", `/v1/exports?${query}`)).toMatchObject({
        status: 400,
        body: { key: "invalid_query_params" },
      });
  });

  it("can be downloaded only with its token", async () => {
    const one = await createPublishedApi();
    const { body } = await one.ask("POST", "/v1/exports", { body: { exported_object: "publication" } });
    const url = new URL(body.result.url);
    for (const token of ["", "wrong", `${url.searchParams.get("token")}x`])
      expect((await one.ask("GET", `${url.pathname}?token=${token}`, { headers: {} })).status).toBe(401);
    expect((await one.ask("GET", url.pathname)).status).toBe(401);
    expect(await one.ask("GET", `/v1/exports/${body.id}`)).toMatchObject({
      status: 200,
      body: { id: body.id, status: "DONE" },
    });
    expect((await one.ask("GET", "/v1/exports?limit=1")).body).toMatchObject({ total: 1, exports: [{ id: body.id }] });
    expect((await one.ask("DELETE", `/v1/exports/${body.id}`)).status).toBe(204);
    expect((await one.ask("GET", `/v1/exports/${body.id}`)).status).toBe(404);
    expect((await one.handler(new Request(url))).status).toBe(401);
  });

  it.each([
    [{ exported_object: "voucher" }, "invalid_payload"],
    [{}, "invalid_payload"],
    [null, "invalid_payload"],
    [{ exported_object: "publication", parameters: 5 }, "invalid_export_params"],
    [{ exported_object: "publication", parameters: { order: "name" } }, "invalid_export_params"],
    [{ exported_object: "publication", parameters: { filters: { nope: {} } } }, "invalid_export_params"],
    [{ exported_object: "publication", parameters: { filters: 5 } }, "invalid_export_params"],
    [{ exported_object: "publication", parameters: { fields: ["nope"] } }, "invalid_export_fields"],
    [{ exported_object: "publication", parameters: { fields: [] } }, "invalid_export_fields"],
    [{ exported_object: "publication", parameters: { fields: "voucher_code" } }, "invalid_export_fields"],
    [{ exported_object: "publication", parameters: { fields: ["metadata."] } }, "invalid_export_fields"],
    [
      { exported_object: "publication", parameters: { fields: [`metadata.${"x".repeat(300)}`] } },
      "invalid_export_fields",
    ],
    [
      { exported_object: "publication", parameters: { filters: { nope: "x".repeat(70_000) } } },
      "invalid_export_params",
    ],
  ])("is refused for %j with %s", async (body, key) => {
    const { ask } = await createApi();
    expect(await ask("POST", "/v1/exports", { body })).toMatchObject({ status: 400, body: { key } });
  });
});
