import type { MigrateOptions } from "./arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import { plain } from "./layout.ts";
import type { Terminal } from "./terminal.ts";
import { Unusable } from "./unusable.ts";

/** Which of the drivers a URL is for. Each is loaded only when it is needed, since a host installs the one it uses. */
const migratePostgres = async (options: MigrateOptions): Promise<void> => {
  const { migrate } = await import("oncecode/postgres");
  const { url, prefix, schema } = options;
  await migrate({ url, ...(prefix !== undefined && { prefix }), ...(schema !== undefined && { schema }) });
};

const migrateMysql = async ({ url, prefix, schema }: MigrateOptions): Promise<void> => {
  if (schema !== undefined) throw new Unusable("--schema is for PostgreSQL: MySQL's is the database in the URL");
  const { migrate } = await import("oncecode/mysql");
  await migrate({ url, ...(prefix !== undefined && { prefix }) });
};

const MIGRATIONS: Readonly<Record<string, (options: MigrateOptions) => Promise<void>>> = {
  "postgres:": migratePostgres,
  "postgresql:": migratePostgres,
  "mysql:": migrateMysql,
  "mariadb:": migrateMysql,
};

export const migrate = async (options: MigrateOptions, terminal: Terminal): Promise<ExitCode> => {
  const protocol = URL.canParse(options.url) ? new URL(options.url).protocol : "";
  const run = MIGRATIONS[protocol];
  if (run === undefined)
    throw new Unusable("--url must begin with postgres:// or mysql://, as in postgres://user@host/database");
  await run(options);
  terminal.print([plain("The tables are up to date.")]);
  return 0;
};
