import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";

/** What to select, and from where. */
interface Selection {
  readonly columns: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  /** One of the values that are asked for is in it. */
  readonly by: RawBuilder<unknown>;
  /** What stands at the end. */
  readonly lock?: RawBuilder<unknown>;
}

/** Selects rows by a list of values, in one statement whose text is always the same. */
export const selecting = <Row>(
  dialect: Pick<ServerDialect, "text" | "among" | "list">,
  { columns, from, by, lock = sql`` }: Selection,
): ((session: Session, values: readonly string[]) => Promise<readonly Row[]>) => {
  const text = dialect.text(sql`select ${columns} ${dialect.among(from, by)} ${lock}`);
  return async (session, values) => {
    if (values.length === 0) return [];
    const { rows } = await session.executeQuery<Row>(CompiledQuery.raw(text, [dialect.list(values)]));
    return rows;
  };
};
