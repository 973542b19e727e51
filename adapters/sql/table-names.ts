import { DEFAULT_PREFIX, TABLES, type Tables } from "./schema.ts";

/** Options for the names of the tables. */
export interface TableOptions {
  /** The prefix of the table names; `oncecode_` by default. */
  readonly prefix?: string;
}

/** The prefix of the table names, and their schema. */
export interface TableNames {
  readonly prefix: string;
  readonly schema: string | null;
  readonly tables: Tables;
}

/** At most 30 characters: index names are longer than table names, and databases cut names after 63 characters. */
const PREFIX_PATTERN = /^[a-z_][a-z0-9_]{0,29}$/;
const SCHEMA_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/** Throws if the prefix or the schema is not a valid name. */
export const tableNamesFrom = ({
  prefix = DEFAULT_PREFIX,
  schema = null,
}: {
  prefix?: string;
  schema?: string | null;
}): TableNames => {
  if (!PREFIX_PATTERN.test(prefix))
    throw new Error(
      `prefix must begin with a lower-case letter or _, and have at most 30 lower-case letters, digits and underscores, not ${JSON.stringify(prefix)}`,
    );
  if (schema !== null && !SCHEMA_PATTERN.test(schema))
    throw new Error(
      `schema must begin with a letter or _, and have at most 63 letters, digits, - and _, not ${JSON.stringify(schema)}`,
    );
  const entries = Object.entries(TABLES).map(([key, name]) => {
    const table = prefix + name.slice(DEFAULT_PREFIX.length);
    return [key, schema === null ? table : `${schema}.${table}`];
  });
  return { prefix, schema, tables: Object.fromEntries(entries) as Tables };
};
