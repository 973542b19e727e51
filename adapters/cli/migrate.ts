import type { MigrateOptions } from "./arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import { plain } from "./layout.ts";
import { serverKindOf } from "./servers.ts";
import type { Terminal } from "./terminal.ts";
import { Unusable } from "./unusable.ts";

const migratePostgres = async ({ url, prefix, schema }: MigrateOptions): Promise<void> => {
  const { migrate } = await import("oncecode/postgres");
  await migrate({ url, ...(prefix !== undefined && { prefix }), ...(schema !== undefined && { schema }) });
};

const migrateMysql = async ({ url, prefix, schema }: MigrateOptions): Promise<void> => {
  if (schema !== undefined) throw new Unusable("--schema is for PostgreSQL: MySQL's is the database in the URL");
  const { migrate } = await import("oncecode/mysql");
  await migrate({ url, ...(prefix !== undefined && { prefix }) });
};

export const migrate = async (options: MigrateOptions, terminal: Terminal): Promise<ExitCode> => {
  await { postgres: migratePostgres, mysql: migrateMysql }[serverKindOf(options.url)](options);
  terminal.print([plain("The tables are up to date.")]);
  return 0;
};
