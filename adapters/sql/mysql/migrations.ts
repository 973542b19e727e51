import { type Dialect, type Kysely, MysqlAdapter, MysqlIntrospector, sql, type TableMetadata } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, migrationOf } from "../migrations.ts";
import type { TableNames } from "../table-names.ts";
import { errorNumber } from "./errors.ts";
import type { Flavour } from "./flavour.ts";
import { tables0001 } from "./tables.ts";

/** Migrations run in the order of their names. After a release a migration never changes: add a new one. */
const createMigrations = ({ tables }: TableNames, flavour: Flavour): Migrations => ({
  "0001-tables": migrationOf(tables0001(tables, flavour)),
});

const LOCK = "oncecode_migrations";
const LOCK_SECONDS = 60;

/** Galera clusters have no such locks, so an error is ignored. Each step of a migration may run twice without harm. */
class MigrationAdapter extends MysqlAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select get_lock(${sql.lit(LOCK)}, ${sql.lit(LOCK_SECONDS)})`.execute(db).catch(() => undefined);
  }

  override async releaseMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select release_lock(${sql.lit(LOCK)})`.execute(db).catch(() => undefined);
  }
}

/** Finds only the tables of the migrations. In a database with many tables, the list of all takes seconds. */
class MigrationIntrospector extends MysqlIntrospector {
  readonly #db: Kysely<unknown>;
  readonly #prefix: string;

  constructor(db: Kysely<unknown>, { prefix }: TableNames) {
    super(db);
    this.#db = db;
    this.#prefix = prefix;
  }

  override async getTables(): Promise<TableMetadata[]> {
    const names = [`${this.#prefix}migrations`, `${this.#prefix}migrations_lock`];
    const { rows } = await sql<{ readonly name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = database() and table_name in (${sql.join(names)})`.execute(this.#db);
    return rows.map(({ name }) => ({ name, isView: false, isForeign: false, columns: [] }));
  }
}

/** The host's dialect, with our lock for migrations and our list of tables. */
export const migrationDialect = (dialect: Dialect, tableNames: TableNames): Dialect => ({
  createAdapter: () => new MigrationAdapter(),
  createDriver: () => dialect.createDriver(),
  createIntrospector: (db) => new MigrationIntrospector(db, tableNames),
  createQueryCompiler: () => dialect.createQueryCompiler(),
});

/** ER_NO_SUCH_TABLE. */
const isTableMissing = (thrown: unknown): boolean => errorNumber(thrown) === 1146;

/** ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR: a retry would fail again. */
const DENIED: ReadonlySet<unknown> = new Set([1044, 1045, 1142]);
const isMigrationConflict = (thrown: unknown): boolean =>
  errorNumber(thrown) !== null && !DENIED.has(errorNumber(thrown));

/** Creates or updates the tables. */
export const migrateTables = (db: Kysely<unknown>, tableNames: TableNames, flavour: Flavour): Promise<void> =>
  migrateToLatest(db, createMigrations(tableNames, flavour), tableNames, isMigrationConflict);

export const checkTables = (db: Kysely<unknown>, tableNames: TableNames, flavour: Flavour): Promise<void> =>
  checkMigrated(db, createMigrations(tableNames, flavour), tableNames, isTableMissing);
