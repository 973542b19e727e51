import { DummyDriver, Kysely, type RawBuilder, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Kind, Listing, Query, Records } from "oncecode";
import { countQuery, pageQuery } from "../pages.ts";
import { ROW_MAPPINGS, type RowMapping } from "../row-mappings.ts";
import type { Rows, SqlValue } from "../schema.ts";
import { sqliteFilters } from "./filters.ts";
import type { Store } from "./store.ts";

/** Compiles queries into text and parameters. It has no connection: the queries run on the handle, in our transactions. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export const listing = ({ statements, transactions }: Store): Listing => {
  const rowsOf = (query: RawBuilder<unknown>): readonly unknown[] => {
    const { sql, parameters } = query.compile(compiler);
    // Each filter has another text, so that a prepared statement would hardly be used twice.
    return statements.handle.prepare(sql).all(...(parameters as readonly SqlValue[]));
  };

  const page = <K extends Kind>(query: Query<K>): readonly Records[K][] => {
    const mapping: RowMapping<Records[K], Rows[K]> = ROW_MAPPINGS[query.kind];
    return rowsOf(pageQuery(sqliteFilters, query)).map((row) => mapping.toRecord(row as Rows[K]));
  };

  const count = (kind: Kind, filter: Query["filter"]): number => {
    const [row] = rowsOf(countQuery(sqliteFilters, kind, filter));
    return (row as { count: number }).count;
  };

  return {
    page: (query) => transactions.readInOneStatement(() => page(query)),
    count: (queries) => transactions.read(() => queries.map(({ kind, filter }) => count(kind, filter))),
  };
};
