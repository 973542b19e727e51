import type { MigrateOptions } from "./arguments.ts";
import { serverKindOf } from "./database-server.ts";
import { plain } from "./layout.ts";
import type { ExitCode, Terminal } from "./terminal.ts";
import { UsageError } from "./terminal.ts";

const migratePostgres = async ({ url, prefix, schema }: MigrateOptions): Promise<void> => {
  const { migrate } = await import("oncecode/postgres");
  await migrate({ url, ...(prefix !== undefined && { prefix }), ...(schema !== undefined && { schema }) });
};

const migrateMysql = async ({ url, prefix, schema }: MigrateOptions): Promise<void> => {
  if (schema !== undefined) throw new UsageError("--schema is for PostgreSQL: MySQL's is the database in the URL");
  const { migrate } = await import("oncecode/mysql");
  await migrate({ url, ...(prefix !== undefined && { prefix }) });
};

export const migrate = async (options: MigrateOptions, terminal: Terminal): Promise<ExitCode> => {
  await { postgres: migratePostgres, mysql: migrateMysql }[serverKindOf(options.url)](options);
  terminal.print([plain("The tables are up to date.")]);
  return 0;
};
