import type { Transaction } from "kysely";
import * as mysql from "oncecode/mysql";
import * as postgres from "oncecode/postgres";
import { describe, expect, expectTypeOf, it } from "vitest";

/** Calls `open` without type checks, as JavaScript code would. */
const openUnchecked = (open: unknown, options: unknown): Promise<unknown> =>
  (open as (options: unknown) => Promise<unknown>)(options);

const SERVERS = [
  [
    "postgresRepository",
    postgres.postgresRepository,
    "postgres://host/db",
    "mysql://host/db",
    { getConnection: () => {} },
  ],
  ["mysqlRepository", mysql.mysqlRepository, "mysql://host/db", "postgres://host/db", { connect: () => {} }],
] as const;

describe.each(SERVERS)("%s", (_, open, url, otherUrl, otherPool) => {
  it.each([
    [undefined, "needs one of url, pool and dialect, and got none"],
    [{}, "needs one of url, pool and dialect, and got none"],
    [{ url: undefined }, "needs one of url, pool and dialect, and got none"],
    [{ url, pool: otherPool }, "needs one of url, pool and dialect, and got url and pool"],
    [{ url: otherUrl }, "url must begin with"],
    [{ url: "" }, "url must begin with"],
    [{ url: 5 }, "url must begin with"],
    [{ pool: {} }, "pool must be a pool of"],
    [{ pool: otherPool }, "pool must be a pool of"],
    [{ dialect: {} }, "dialect must be a Kysely dialect"],
    [{ url, patience: "long" }, "patience must be a number of milliseconds"],
    [{ url, timeout: 0 }, "timeout must be a number of milliseconds, from 1 to 2147483647"],
    [{ url, timeout: Number.POSITIVE_INFINITY }, "timeout must be"],
    [{ url, patience: 3e9 }, "patience must be"],
    [{ dialect: { createDriver: () => {} }, timeout: 500 }, "timeout needs a url or a pool"],
    [{ url, prefix: "Bad-" }, "prefix must be"],
  ])("refuses %j before it connects", async (options, message) => {
    await expect(openUnchecked(open, options)).rejects.toThrow(message);
  });
});

it("a transaction of Kysely with any tables is accepted", () => {
  expectTypeOf<Transaction<{ orders: { id: string } }>>().toExtend<postgres.PostgresTransaction>();
  expectTypeOf<Transaction<{ orders: { id: string } }>>().toExtend<mysql.MysqlTransaction>();
});
