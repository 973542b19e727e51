import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";

/** The parts of a select by values. */
interface ValueSelect {
  readonly columns: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  /** The column that must have one of the values. */
  readonly by: RawBuilder<unknown>;
  /** The locking clause at the end. */
  readonly lock?: RawBuilder<unknown>;
}

/** Selects rows by a list of values. The text of the statement does not depend on the number of values. */
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
