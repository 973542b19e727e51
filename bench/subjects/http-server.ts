import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createHandler } from "oncecode/http";
import { sqliteRepository } from "oncecode/sqlite";
import { CAMPAIGN, engineOn, VOUCHER } from "./oncecode.ts";

/** A server of its own process, so that what loads it takes another core: `http-server.ts FILE VOUCHERS`. Prints its port. */
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
