import { type Dialect, type Kysely, MysqlAdapter, MysqlIntrospector, sql, type TableMetadata } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, migrationOf } from "../migrations.ts";
import type { TableNames } from "../table-names.ts";
import { errorNumber } from "./errors.ts";
import type { Flavour } from "./input-lists.ts";
import { tables0001 } from "./tables.ts";

/** In order of their names. What was released never changes: a new one is added. */
const createMigrations = ({ tables }: TableNames, flavour: Flavour): Migrations => ({
  "0001-tables": migrationOf(tables0001(tables, flavour)),
});

const LOCK = "oncecode_migrations";
const LOCK_SECONDS = 60;

/** Clusters have no such locks. There as here, each step may be made twice: with the lock, it just is not. */
class Adapter extends MysqlAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select get_lock(${sql.lit(LOCK)}, ${sql.lit(LOCK_SECONDS)})`.execute(db).catch(() => undefined);
  }

  override async releaseMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select release_lock(${sql.lit(LOCK)})`.execute(db).catch(() => undefined);
  }
}

/** Finds our tables only: to find all, with all their columns, takes seconds where a host has many. */
class Introspector extends MysqlIntrospector {
  readonly #db: Kysely<unknown>;
  readonly #prefix: string;

  constructor(db: Kysely<unknown>, { prefix }: TableNames) {
    super(db);
    this.#db = db;
    this.#prefix = prefix;
  }

  override async getTables(): Promise<TableMetadata[]> {
    const ledger = [`${this.#prefix}migrations`, `${this.#prefix}migrations_lock`];
    const { rows } = await sql<{ readonly name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = database() and table_name in (${sql.join(ledger)})`.execute(this.#db);
    return rows.map(({ name }) => ({ name, isView: false, isForeign: false, columns: [] }));
  }
}

/** The dialect, but for how it keeps others from migrating at the same time, and for what it sees of other tables. */
export const migratable = (dialect: Dialect, place: TableNames): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => dialect.createDriver(),
  createIntrospector: (db) => new Introspector(db, place),
  createQueryCompiler: () => dialect.createQueryCompiler(),
});

/** ER_NO_SUCH_TABLE. */
const isMissing = (thrown: unknown): boolean => errorNumber(thrown) === 1146;

/** ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR: who may not do it never may. */
const DENIED: ReadonlySet<unknown> = new Set([1044, 1045, 1142]);
const isContested = (thrown: unknown): boolean => errorNumber(thrown) !== null && !DENIED.has(errorNumber(thrown));

/** Brings the tables up to date. */
export const migrateTables = (db: Kysely<unknown>, place: TableNames, flavour: Flavour): Promise<void> =>
  migrateToLatest(db, createMigrations(place, flavour), place, isContested);

export const checkTables = (db: Kysely<unknown>, place: TableNames, flavour: Flavour): Promise<void> =>
  checkMigrated(db, createMigrations(place, flavour), place, isMissing);
