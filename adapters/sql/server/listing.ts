import { sql } from "kysely";
import type { Kind, Listing, Query, Records } from "oncecode";
import { countQuery, pageQuery } from "../pages.ts";
import { ROW_MAPPINGS, type RowMapping } from "../row-mappings.ts";
import type { Rows } from "../schema.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import type { PortCall } from "./retries.ts";

export const listingOn = (database: Database, dialect: ServerDialect, portCall: PortCall): Listing => {
  const page = async <K extends Kind>(session: Session, query: Query<K>): Promise<readonly Records[K][]> => {
    const mapping: RowMapping<Records[K], Rows[K]> = ROW_MAPPINGS[query.kind];
    const { rows } = await pageQuery(dialect, query).execute(session);
    return rows.map((row) => mapping.toRecord(row as Rows[K]));
  };

  /** One statement counts all queries, so that all counts are of one instant. */
  const count = async (session: Session, queries: Parameters<Listing["count"]>[0]): Promise<readonly number[]> => {
    const counts = queries.map(
      ({ kind, filter }, i) => sql`(${countQuery(dialect, kind, filter)}) as ${sql.ref(`c${i}`)}`,
    );
    const { rows } = await sql<Readonly<Record<string, unknown>>>`select ${sql.join(counts)}`.execute(session);
    return queries.map((_, i) => Number(rows[0]?.[`c${i}`]));
  };

  return {
    page: (query) => portCall(() => database.read((session) => page(session, query))),
    count: (queries) => portCall(() => database.read((session) => count(session, queries))),
  };
};
