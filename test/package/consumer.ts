// A stranger's TypeScript: compiled by test/package/check.ts against the packed declarations.
import { createEngine } from "oncecode";
import * as conformance from "oncecode/conformance";
import * as fp from "oncecode/fp";
import { createHandler, type Handler, type HandlerOptions } from "oncecode/http";
import { memoryRepository } from "oncecode/memory";
import { type MysqlOptions, migrate as migrateMysql, mysqlRepository } from "oncecode/mysql";
import { migrate as migratePostgres, type PostgresOptions, postgresRepository } from "oncecode/postgres";
import { sqliteRepository } from "oncecode/sqlite";

export const inMemory: ReturnType<typeof createEngine> = createEngine({ repository: memoryRepository() });

export const onDisk = async (filename: string): Promise<ReturnType<typeof createEngine>> =>
  createEngine({ repository: await sqliteRepository({ filename }) });

export const onServers = async (postgres: PostgresOptions, mysql: MysqlOptions): Promise<void> => {
  await migratePostgres({ url: "postgres://localhost/shop", schema: "promotions" });
  await migrateMysql({ url: "mysql://localhost/shop", prefix: "shop_" });
  createEngine({ repository: await postgresRepository(postgres) });
  createEngine({ repository: await mysqlRepository(mysql) });
};

export const overHttp = (options: HandlerOptions): Handler =>
  createHandler(createEngine({ repository: memoryRepository() }), options);

export const entries: { readonly conformance: typeof conformance; readonly fp: typeof fp } = { conformance, fp };
