import { createServer } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Engine, Repository } from "oncecode";
import { createHandler, type Handler } from "oncecode/http";
import { memoryRepository } from "oncecode/memory";
import { postgresRepository } from "oncecode/postgres";
import { sqliteRepository } from "oncecode/sqlite";
import { CAMPAIGN, engineWith } from "./load.ts";

/**
 * A server of its own process, so that what loads it takes another core: `http-server.ts KIND PLACE VOUCHERS`. It prints its port when
 * it listens. `constant` is the handler on an engine that always answers with the same publication, and `bare` a
 * handler that does nothing but answer as many bytes.
 */
const [kind = "", place = "", vouchers = "0"] = process.argv.slice(2);

const repositories: Readonly<Record<string, () => Promise<Repository>>> = {
  memory: async () => memoryRepository(),
  constant: async () => memoryRepository(),
  bare: async () => memoryRepository(),
  sqlite: () => sqliteRepository({ filename: join(place, "http.db") }),
  normal: () => sqliteRepository({ filename: join(place, "http-normal.db"), synchronous: "NORMAL" }),
  postgres: () => postgresRepository({ url: place, schema: `http_${process.pid}` }),
};

const alwaysTheSame = async (engine: Engine): Promise<Engine> => {
  const publication = await engine.publications.create({ campaign: CAMPAIGN, customer: { sourceId: "customer" } });
  return { ...engine, publications: { ...engine.publications, create: async () => publication } };
};

const handlerOn = (engine: Engine): Handler =>
  createHandler(engine, { keys: { server: [{ id: "app", token: "app-token" }] } });

const bare = async (engine: Engine): Promise<Handler> => {
  const constant = handlerOn(await alwaysTheSame(engine));
  const headers = { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" };
  const body = JSON.stringify({ campaign: CAMPAIGN, customer: "customer" });
  const answer = await constant(new Request("http://bare/v1/publications", { method: "POST", headers, body }));
  const text = await answer.text();
  return async (request) => {
    await request.text();
    return new Response(text, { headers: { "Content-Type": "application/json" } });
  };
};

const open = repositories[kind];
if (open === undefined) throw new Error(`There is no ${kind}: ${Object.keys(repositories).join(", ")}`);
const engine = await engineWith(await open(), Number(vouchers));
const handlers: Readonly<Record<string, () => Promise<Handler>>> = {
  constant: async () => handlerOn(await alwaysTheSame(engine)),
  bare: () => bare(engine),
};
const handler = await (handlers[kind] ?? (async () => handlerOn(engine)))();
const server = createServer(getRequestListener(handler));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : "");
});
process.once("SIGTERM", () => process.exit());
