import { sql } from "kysely";
import type { Directory, Kind, Put, Records, Ref } from "oncecode";
import { MAPPINGS, type Mapping } from "../rows.ts";
import type { Rows } from "../schema.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { digestOf } from "./digest.ts";
import { editing } from "./editing.ts";
import type { Calling } from "./faults.ts";

/** The column of the name that only one record of a kind can have. */
const NAME_COLUMNS: Readonly<Record<Kind, string>> = {
  publications: "key",
  vouchers: "code",
  campaigns: "name",
  customers: "source_id",
};

const isId = (ref: Ref): ref is { readonly id: string } => "id" in ref;

const found =
  (dialect: ServerDialect) =>
  async <K extends Kind>(session: Session, kind: K, refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    const { tables } = dialect;
    const mapping: Mapping<Records[K], Rows[K]> = MAPPINGS[kind];

    /** Records by whatever `by` calls them. */
    const select = async (by: string, values: readonly string[]): Promise<ReadonlyMap<string, Records[K]>> => {
      if (values.length === 0) return new Map();
      const isKey = by === "key";
      const from = isKey
        ? sql`${sql.table(tables.keys)} as k join ${sql.table(tables.publications)} as r on r.id = k.publication_id`
        : sql`${sql.table(tables[kind])} as r`;
      const column = sql.ref(isKey ? "k.key" : `r.${by}`);
      const { rows } = await sql<Rows[K] & { readonly asked: string }>`
        select r.*, ${column} as asked from ${from} where ${dialect.isAmong(column, values)}`.execute(session);
      return new Map(rows.map(({ asked, ...row }) => [asked, mapping.toRecord(row as unknown as Rows[K])]));
    };

    const nameOf = (name: string): string => (kind === "publications" ? digestOf(name) : name);
    const names = refs.flatMap((ref) => (isId(ref) ? [] : [nameOf(ref.name)]));
    const byId = await select(
      "id",
      refs.filter(isId).map(({ id }) => id),
    );
    const byName = await select(NAME_COLUMNS[kind], names);
    return refs.map((ref) => (isId(ref) ? byId.get(ref.id) : byName.get(nameOf(ref.name))) ?? null);
  };

export const directory = (database: Database, dialect: ServerDialect, calling: Calling): Directory => {
  const find = found(dialect);
  const { putOne, removeOne } = editing(dialect);

  return {
    find: (kind, refs) => calling(() => database.read((session) => find(session, kind, refs))),
    put: (kind, writes) =>
      calling(() =>
        database.write(async (session) => {
          const puts: Put[] = [];
          for (const write of writes) puts.push(await putOne(session, kind, write));
          return puts;
        }),
      ),
    remove: (kind, ids) =>
      calling(() =>
        database.write(async (session) => {
          const wereThere: boolean[] = [];
          for (const id of ids) wereThere.push(await removeOne(session, kind, id));
          return wereThere;
        }),
      ),
  };
};
