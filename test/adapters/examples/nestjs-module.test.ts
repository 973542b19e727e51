import { join } from "node:path";
import { NestFactory } from "@nestjs/core";
import { type Engine, type Repository, unchanged } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { runnerImport } from "vite";
import { expect, it, onTestFinished } from "vitest";
import { createCampaignWithCodes } from "../../support/fixture.ts";

const MODULE = join(import.meta.dirname, "../../../adapters/examples/nestjs-module.ts");

/** Node cannot run decorators, so Vite translates the module. */
const { CodesController, CodesService, ENGINE, OncecodeModule } = (
  await runnerImport<typeof import("../../../adapters/examples/nestjs-module.ts")>(MODULE, {
    environments: { inline: { resolve: { conditions: ["dev-source"] } } },
  })
).module;

class ShopModule {}

const startApp = async (repository: Repository) => {
  const shop = {
    module: ShopModule,
    imports: [OncecodeModule.forRoot(async () => ({ repository }))],
    controllers: [CodesController],
    providers: [CodesService],
  };
  const app = await NestFactory.create(shop, { logger: false });
  onTestFinished(() => app.close());
  await createCampaignWithCodes(app.get<Engine>(ENGINE), "spring", ["A"]);
  await app.listen(0, "127.0.0.1");
  const post = async (customer: string) => {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": `order of ${customer}` };
    const url = `${await app.getUrl()}/campaigns/spring/codes`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ customer }) });
    return { status: response.status, body: await response.json() };
  };
  return { post };
};

it("gives the engine to a service, and an error of the engine becomes a response with its status", async () => {
  const { post } = await startApp(memoryRepository());
  expect(await post("shop-1")).toEqual({ status: 201, body: { codes: ["A"] } });
  expect(await post("shop-1")).toEqual({ status: 201, body: { codes: ["A"] } });
  expect(await post("shop-2")).toMatchObject({
    status: 409,
    body: { error: "no_voucher_suitable_for_publication", message: expect.any(String) },
  });
  expect(await post("x".repeat(1000))).toMatchObject({ status: 400 });
});

it("answers 503 if the store fails", async () => {
  const settle = () => Promise.reject(unchanged(new Error("The disk is full")));
  const { post } = await startApp({ ...memoryRepository(), settle });
  expect(await post("shop-1")).toMatchObject({ status: 503, body: { error: "storage_failed" } });
});
