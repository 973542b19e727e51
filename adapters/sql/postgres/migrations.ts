import { setTimeout } from "node:timers/promises";
import type { Kysely } from "kysely";
import { checkMigrated, type Migrations, migrateToLatest, running } from "../migrating.ts";
import type { Place } from "../place.ts";
import { tables0001 } from "./tables.ts";

/** In order of their names. What was released never changes: a new one is added. */
const migrationsFor = ({ tables }: Place): Migrations => ({ "0001-tables": running(tables0001(tables)) });

/** undefined_table, and invalid_schema_name. */
const MISSING: ReadonlySet<unknown> = new Set(["42P01", "3F000"]);
const isMissing = (thrown: unknown): boolean => thrown instanceof Error && "code" in thrown && MISSING.has(thrown.code);

const ATTEMPTS = 10;

/** Brings the tables up to date. To make one `if not exists` fails where others are making it at the same moment. */
export const migrate = async (db: Kysely<unknown>, place: Place): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await migrateToLatest(db, migrationsFor(place), place);
    } catch (thrown) {
      const isContested = thrown instanceof Error && "code" in thrown;
      if (!isContested || attempt === ATTEMPTS) throw thrown;
    }
    await setTimeout(20 * attempt);
  }
};

export const check = (db: Kysely<unknown>, place: Place): Promise<void> =>
  checkMigrated(db, migrationsFor(place), place, isMissing);
