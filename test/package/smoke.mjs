// A stranger's plain JavaScript: run by test/package/check.ts where only the packed tarball is installed.
import assert from "node:assert/strict";
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
