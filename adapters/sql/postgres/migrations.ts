import type { Kysely } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, running } from "../migrating.ts";
import type { Place } from "../place.ts";
import { codeOf } from "../server/faults.ts";
import { tables0001 } from "./tables.ts";

/** In order of their names. What was released never changes: a new one is added. */
const migrationsFor = ({ tables }: Place): Migrations => ({ "0001-tables": running(tables0001(tables)) });

/** undefined_table, and invalid_schema_name. */
const MISSING: ReadonlySet<unknown> = new Set(["42P01", "3F000"]);
const isMissing = (thrown: unknown): boolean => MISSING.has(codeOf(thrown));

const INSUFFICIENT_PRIVILEGE = "42501";

/** Even `if not exists` fails where others are making the same at the same moment. Who may not do it never may. */
const isContested = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  return typeof code === "string" && code !== INSUFFICIENT_PRIVILEGE;
};

/** Brings the tables up to date. */
export const migrate = (db: Kysely<unknown>, place: Place): Promise<void> =>
  migrateToLatest(db, migrationsFor(place), place, isContested);

export const check = (db: Kysely<unknown>, place: Place): Promise<void> =>
  checkMigrated(db, migrationsFor(place), place, isMissing);
