import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, unchanged } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { afterAll, expect, it, vi } from "vitest";
import { POST } from "../../../adapters/examples/next-route.ts";
import { createCampaignWithCodes } from "../../support/fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "oncecode-next-"));
const filename = join(folder, "codes.db");
vi.stubEnv("CODES_FILE", filename);
afterAll(() => rmSync(folder, { recursive: true }));

const post = async (body: string, headers: Record<string, string> = {}) => {
  const response = await POST(new Request("http://localhost/api/codes", { method: "POST", headers, body }));
  return { status: response.status, body: await response.json() };
};

it("publishes from the file, answers a repeated request with the same code, and answers errors with a status", async () => {
  const repository = await sqliteRepository({ filename });
  await createCampaignWithCodes(createEngine({ repository }), "spring", ["A"]);
  const request = (customer: unknown): string => JSON.stringify({ campaign: "spring", customer });
  const key = { "Idempotency-Key": "request-1" };
  expect(await post(request("shop-1"), key)).toEqual({ status: 201, body: { codes: ["A"] } });
  expect(await post(request("shop-1"), key)).toEqual({ status: 201, body: { codes: ["A"] } });
  expect(await post(request("shop-2"))).toMatchObject({ status: 409, body: { error: expect.any(String) } });
  expect(await post(request(["shop-3"]))).toMatchObject({ status: 400 });
  expect(await post("null")).toMatchObject({ status: 400 });
  expect(await post("{")).toMatchObject({ status: 400 });
  await repository.close();
});

it("answers 503 if the store fails", async () => {
  const settle = () => Promise.reject(unchanged(new Error("The disk is full")));
  const engine = createEngine({ repository: { ...memoryRepository(), settle } });
  await createCampaignWithCodes(engine, "spring", ["A"]);
  vi.stubGlobal("engine", Promise.resolve(engine));
  const reply = await post(JSON.stringify({ campaign: "spring", customer: "shop-1" }));
  expect(reply).toMatchObject({ status: 503, body: { error: "storage_failed" } });
});
