// A stranger's plain JavaScript: run by test/package/check.ts where only the packed tarball is installed.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createEngine } from "oncecode";
import * as conformance from "oncecode/conformance";
import * as fp from "oncecode/fp";
import { memoryRepository } from "oncecode/memory";
import * as mysql from "oncecode/mysql";
import * as postgres from "oncecode/postgres";
import { sqliteRepository } from "oncecode/sqlite";

for (const entry of [conformance, fp, mysql, postgres]) assert.notEqual(Object.keys(entry).length, 0);
for (const repository of [memoryRepository(), await sqliteRepository({ filename: ":memory:" })]) {
  assert.equal(typeof createEngine({ repository }), "object");
}

// `oncecode serve` names the missing packages of the HTTP adapter. The adapter works once these packages are installed.
const serve = spawnSync("node_modules/.bin/oncecode", ["serve", "--app-id", "a", "--app-token", "t"], {
  encoding: "utf8",
});
assert.equal(serve.status, 2);
assert.match(serve.stderr, /npm install hono @hono\/node-server qs/);
execFileSync("npm", ["install", "--prefer-offline", ...process.argv.slice(2)], { stdio: "inherit" });
const { createHandler } = await import("oncecode/http");
const engine = createEngine({ repository: memoryRepository() });
const handler = createHandler(engine, { keys: { server: [{ id: "app", token: "t" }] } });
const headers = { "X-App-Id": "app", "X-App-Token": "t" };
const answer = await handler(new Request("http://api.example/v1/publications", { headers }));
const many = `?${Array.from({ length: 1101 }, (_, i) => `a${i}=1`).join("&")}`;
const tooMany = await handler(new Request(`http://api.example/v1/publications${many}`, { headers }));
assert.equal((await tooMany.json()).key, "query_too_large");
assert.deepEqual(await answer.json(), { object: "list", data_ref: "publications", publications: [], total: 0 });
