import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import { postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { afterAll, describe, it } from "vitest";

const url = "postgres://postgres:postgres@localhost:54329/postgres";
const pool = new pg.Pool({ connectionString: url, max: 20 });
let n = 0;
const names: string[] = [];
const open = async () => {
  const schema = `t${process.pid}_${n++}`;
  names.push(schema);
  return postgresRepository({ pool, schema, onUnsafe: () => {} });
};
afterAll(async () => {
  for (const s of names) await pool.query(`drop schema if exists ${s} cascade`);
  await pool.end();
});
describe("pg", () => {
  for (const law of repositoryLaws(open)) it(law.name, law.run, LAW_TIMEOUT);
});
