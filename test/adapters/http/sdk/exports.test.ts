import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectRefusal, INSTANT, nextMillisecond } from "./clients.ts";

const connectWithPublications = async () => {
  const client = await connectClient();
  const { campaigns, distributions } = client;
  await campaigns.create(campaignBody("Spring"));
  await campaigns.importVouchers("Spring", ["S1", "S2", "S3"].map((code) => ({ code })) as never);
  const by = { customer: { source_id: "shop-1" }, channel: "mail", metadata: { n: 1, note: 'a "b", c' } };
  await distributions.publications.create({ voucher: "S1", ...by });
  await nextMillisecond();
  await distributions.publications.create({ voucher: "S2", customer: { source_id: "shop-2" } });
  return client;
};

const FIELDS = ["voucher_code", "customer_source_id", "date", "channel", "campaign", "metadata.n"];
const BODY = { exported_object: "publication", parameters: { order: "-created_at", fields: FIELDS } } as const;

const rowsAt = async (url: string | undefined): Promise<unknown> => {
  const response = await fetch(url ?? "");
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toMatch(/^text\/csv/);
  return parse(await response.text(), { columns: true });
};

describe("exports of the official client", () => {
  it("are created, fetched and listed in the contract's form", async () => {
    const { distributions } = await connectWithPublications();
    const createdExport = await distributions.exports.create({
      ...BODY,
      parameters: { ...BODY.parameters, fields: FIELDS },
    });
    expect(createdExport).toMatchObject({
      id: expect.stringMatching(/^exp_/),
      object: "export",
      created_at: INSTANT,
      status: expect.stringMatching(/^(SCHEDULED|IN_PROGRESS|DONE)$/),
      exported_object: "publication",
      parameters: { fields: FIELDS, order: "-created_at" },
    });
    const finishedExport = await distributions.exports.get(createdExport.id);
    expect(finishedExport).toMatchObject({
      id: createdExport.id,
      status: "DONE",
      result: { url: expect.stringMatching(/^http/) },
    });
    expect(await distributions.exports.list()).toEqual({
      object: "list",
      data_ref: "exports",
      exports: [finishedExport],
      total: 1,
    });
  });

  it("are listed newest first, a page at a time", async () => {
    const { distributions } = await connectWithPublications();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.unshift((await distributions.exports.create({ exported_object: "publication" })).id);
    const listed = async (query: object) => (await distributions.exports.list(query)).exports.map(({ id }) => id);
    expect(await listed({ limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await listed({ limit: 2, page: 2 })).toEqual(ids.slice(2));
  });

  it("have rows, which can be downloaded by the URL", async () => {
    const { distributions } = await connectWithPublications();
    const { result } = await distributions.exports.create({
      ...BODY,
      parameters: { order: "created_at", fields: FIELDS },
    });
    const row = { date: INSTANT, campaign: "Spring" };
    expect(await rowsAt(result?.url)).toEqual([
      { ...row, voucher_code: "S1", customer_source_id: "shop-1", channel: "mail", "metadata.n": "1" },
      { ...row, voucher_code: "S2", customer_source_id: "shop-2", channel: "API", "metadata.n": "" },
    ]);
    const elsewhere = new URL(result?.url ?? "");
    elsewhere.search = "";
    expect((await fetch(elsewhere)).status).toBe(401);
  });

  it("have the rows that match their filters", async () => {
    const { distributions, customers } = await connectWithPublications();
    const { id } = Object.assign({ id: "" }, await customers.get("shop-2"));
    const filters = { customer_id: { conditions: { $in: [id] } }, junction: "and" as never };
    const parameters = { fields: ["voucher_code", "customer_id"], filters };
    const { result } = await distributions.exports.create({ exported_object: "publication", parameters });
    expect(await rowsAt(result?.url)).toEqual([{ voucher_code: "S2", customer_id: id }]);
  });

  it("are deleted with their rows", async () => {
    const { distributions } = await connectWithPublications();
    const { id, result } = await distributions.exports.create({ exported_object: "publication" });
    expect(await distributions.exports.delete(id)).toBeFalsy();
    await expectRefusal(distributions.exports.get(id), { code: 404, key: "not_found", resource_id: id });
    expect((await fetch(result?.url ?? "")).status).toBeGreaterThanOrEqual(400);
    expect(await distributions.exports.list()).toMatchObject({ total: 0, exports: [] });
  });

  it.each([
    ["invalid_export_fields", { fields: ["voucher_code", "shoe_size"] }],
    ["invalid_export_params", { order: "shoe_size" }],
    ["invalid_export_params", { filters: { shoe_size: { conditions: { $is: "42" } } } }],
  ])("are refused with %s for the parameters %j", async (key, parameters) => {
    const { distributions } = await connectClient();
    const call = distributions.exports.create({ exported_object: "publication", parameters } as never);
    await expectRefusal(call, { code: 400, key });
  });

  it("of other kinds are refused", async () => {
    const { distributions } = await connectClient();
    await expectRefusal(distributions.exports.create({ exported_object: "order" } as never), {
      code: 400,
      key: "invalid_payload",
    });
  });
});
