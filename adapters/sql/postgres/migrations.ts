import type { Kysely } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, migrationOf } from "../migrations.ts";
import { errorCode } from "../server/errors.ts";
import type { TableNames } from "../table-names.ts";
import { tables0001 } from "./tables.ts";

/** A released migration never changes. Each change of the tables is a new migration, and they run in order of names. */
const createMigrations = ({ tables }: TableNames): Migrations => ({ "0001-tables": migrationOf(tables0001(tables)) });

/** undefined_table, and invalid_schema_name. */
const MISSING_TABLE_STATES: ReadonlySet<unknown> = new Set(["42P01", "3F000"]);
const isTableMissing = (thrown: unknown): boolean => MISSING_TABLE_STATES.has(errorCode(thrown));

const INSUFFICIENT_PRIVILEGE = "42501";

/**
 * Even `create … if not exists` fails if another process creates the same thing at the same moment, so we retry. Missing
 * privileges do not appear later, so we do not retry them.
 */
const isMigrationConflict = (thrown: unknown): boolean => {
  const code = errorCode(thrown);
  return typeof code === "string" && code !== INSUFFICIENT_PRIVILEGE;
};

/** Runs the missing migrations. */
export const migrateTables = (db: Kysely<unknown>, tableNames: TableNames): Promise<void> =>
  migrateToLatest(db, createMigrations(tableNames), tableNames, isMigrationConflict);

export const checkTables = (db: Kysely<unknown>, tableNames: TableNames): Promise<void> =>
  checkMigrated(db, createMigrations(tableNames), tableNames, isTableMissing);
