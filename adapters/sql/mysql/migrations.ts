import { type Dialect, type Kysely, MysqlAdapter, MysqlIntrospector, sql, type TableMetadata } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, running } from "../migrating.ts";
import type { Place } from "../place.ts";
import { numberOf } from "./failures.ts";
import type { Flavour } from "./records.ts";
import { tables0001 } from "./tables.ts";

/** In order of their names. What was released never changes: a new one is added. */
const migrationsFor = ({ tables }: Place, flavour: Flavour): Migrations => ({
  "0001-tables": running(tables0001(tables, flavour)),
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

  constructor(db: Kysely<unknown>, { prefix }: Place) {
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
export const migratable = (dialect: Dialect, place: Place): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => dialect.createDriver(),
  createIntrospector: (db) => new Introspector(db, place),
  createQueryCompiler: () => dialect.createQueryCompiler(),
});

/** ER_NO_SUCH_TABLE. */
const isMissing = (thrown: unknown): boolean => numberOf(thrown) === 1146;

/** ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR: who may not do it never may. */
const DENIED: ReadonlySet<unknown> = new Set([1044, 1045, 1142]);
const isContested = (thrown: unknown): boolean => numberOf(thrown) !== null && !DENIED.has(numberOf(thrown));

/** Brings the tables up to date. */
export const migrate = (db: Kysely<unknown>, place: Place, flavour: Flavour): Promise<void> =>
  migrateToLatest(db, migrationsFor(place, flavour), place, isContested);

export const check = (db: Kysely<unknown>, place: Place, flavour: Flavour): Promise<void> =>
  checkMigrated(db, migrationsFor(place, flavour), place, isMissing);
