import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";

/** What to select, and from where. */
interface ValueSelect {
  readonly columns: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  /** One of the values that are asked for is in it. */
  readonly by: RawBuilder<unknown>;
  /** What stands at the end. */
  readonly lock?: RawBuilder<unknown>;
}

/** Selects rows by a list of values, in one statement whose text is always the same. */
export const selectByValues = <Row>(
  dialect: Pick<ServerDialect, "compile" | "fromWhereIn" | "listParameter">,
  { columns, from, by, lock = sql`` }: ValueSelect,
): ((session: Session, values: readonly string[]) => Promise<readonly Row[]>) => {
  const text = dialect.compile(sql`select ${columns} ${dialect.fromWhereIn(from, by)} ${lock}`);
  return async (session, values) => {
    if (values.length === 0) return [];
    const { rows } = await session.executeQuery<Row>(CompiledQuery.raw(text, [dialect.listParameter(values)]));
    return rows;
  };
};
