import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createHandler } from "oncecode/http";
import { sqliteRepository } from "oncecode/sqlite";
import { CAMPAIGN, engineOn, VOUCHER } from "./oncecode.ts";

/** `http-server.ts FILE VOUCHERS` serves the API and prints its port. In its own process, it does not share a core with the callers. */
const [filename = "", vouchers = "0"] = process.argv.slice(2);

const engine = engineOn(await sqliteRepository({ filename }));
await engine.campaigns.create({ name: CAMPAIGN, vouchersCount: Number(vouchers), voucher: VOUCHER });
const handler = createHandler(engine, { keys: { server: [{ id: "app", token: "app-token" }] } });
const server = createServer(getRequestListener(handler));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : "");
});
process.once("SIGTERM", () => process.exit());
