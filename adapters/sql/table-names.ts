import { DEFAULT_PREFIX, TABLES, type Tables } from "./schema.ts";

/** Where the tables of a server are. */
export interface TableOptions {
  /** What the names of the tables start with; `oncecode_` unless given. */
  readonly prefix?: string;
}

/** Where the tables are, and how they are called. */
export interface TableNames {
  readonly prefix: string;
  readonly schema: string | null;
  readonly tables: Tables;
}

/** Short, because an index is called as its table and more, and databases cut off names of more than 63 characters. */
const PREFIX_PATTERN = /^[a-z_][a-z0-9_]{0,29}$/;
const SCHEMA_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/** Throws if a name cannot be one. */
export const tableNamesFrom = ({
  prefix = DEFAULT_PREFIX,
  schema = null,
}: {
  prefix?: string;
  schema?: string | null;
}): TableNames => {
  if (!PREFIX_PATTERN.test(prefix))
    throw new Error(
      `prefix must be at most 30 lower-case letters, digits and underscores, not ${JSON.stringify(prefix)}`,
    );
  if (schema !== null && !SCHEMA_PATTERN.test(schema))
    throw new Error(`schema must be letters, digits, - and _, not ${JSON.stringify(schema)}`);
  const entries = Object.entries(TABLES).map(([key, name]) => {
    const table = prefix + name.slice(DEFAULT_PREFIX.length);
    return [key, schema === null ? table : `${schema}.${table}`];
  });
  return { prefix, schema, tables: Object.fromEntries(entries) as Tables };
};
