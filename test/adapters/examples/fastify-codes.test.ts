import { createEngine, type Repository, unchanged } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { expect, it } from "vitest";
import { createApp } from "../../../adapters/examples/fastify-codes.ts";
import { createCampaignWithCodes } from "../../support/fixture.ts";

const startApp = async (repository: Repository = memoryRepository()) => {
  const engine = createEngine({ repository });
  await createCampaignWithCodes(engine, "spring", ["A"]);
  const app = createApp(engine);
  const publish = async (campaign: string, body: object, headers: Record<string, string> = {}) => {
    const response = await app.inject({ method: "POST", url: `/campaigns/${campaign}/codes`, payload: body, headers });
    return { status: response.statusCode, body: response.json() };
  };
  return { app, publish };
};

it("publishes a code, answers a repeated request with the same code, and lists it", async () => {
  const { app, publish } = await startApp();
  const published = { status: 201, body: { codes: ["A"] } };
  const key = { "Idempotency-Key": "request-1" };
  expect(await publish("spring", { customer: "shop-1" }, key)).toEqual(published);
  expect(await publish("spring", { customer: "shop-1" }, key)).toEqual(published);
  expect((await app.inject("/customers/shop-1/codes")).json()).toEqual({ codes: ["A"] });
});

it("answers with the right status if there is no code, no campaign, no customer, or a wrong body", async () => {
  const { app, publish } = await startApp();
  await publish("spring", { customer: "shop-1" });
  expect(await publish("spring", { customer: "shop-2" })).toMatchObject({ status: 409 });
  expect(await publish("summer", { customer: "shop-2" })).toMatchObject({ status: 404, body: { error: "not_found" } });
  expect(await publish("spring", {})).toMatchObject({ status: 400 });
  expect((await app.inject("/customers/shop-9/codes")).statusCode).toBe(404);
});

it("answers 503 if the store fails", async () => {
  const settle = () => Promise.reject(unchanged(new Error("The disk is full")));
  const { publish } = await startApp({ ...memoryRepository(), settle });
  expect(await publish("spring", { customer: "shop-1" })).toMatchObject({
    status: 503,
    body: { error: "storage_failed" },
  });
});
