import { sql } from "kysely";
import type { Directory, Kind, PutResult, Records, Ref } from "oncecode";
import { MAPPINGS, type Mapping } from "../rows.ts";
import { COLUMNS, type Rows } from "../schema.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { digestOf } from "./digest.ts";
import { editing } from "./editing.ts";
import type { Calling } from "./faults.ts";
import { selecting } from "./selecting.ts";

/** The column of the name that only one record of a kind can have. */
const NAME_COLUMNS: Readonly<Record<Kind, string>> = {
  publications: "key",
  vouchers: "code",
  campaigns: "name",
  customers: "source_id",
};

const isId = (ref: Ref): ref is { readonly id: string } => "id" in ref;

type Asked<K extends Kind> = Rows[K] & { readonly asked: string };

/** Finds records of one kind by whatever `by` calls them. */
const finding = <K extends Kind>(dialect: ServerDialect, kind: K, by: string) => {
  const { tables } = dialect;
  const isKey = by === "key";
  const of = sql.ref(isKey ? "k.key" : `r.${by}`);
  const select = selecting<Asked<K>>(dialect, {
    // Named, since a later version may add some while this one runs.
    columns: sql`${sql.join(Object.keys(COLUMNS[kind]).map((column) => sql.ref(`r.${column}`)))}, ${of} as asked`,
    from: isKey
      ? sql`(${sql.table(tables.keys)} as k join ${sql.table(tables.publications)} as r on r.id = k.publication_id)`
      : sql`${sql.table(tables[kind])} as r`,
    by: of,
  });
  const mapping: Mapping<Records[K], Rows[K]> = MAPPINGS[kind];
  return async (session: Session, names: readonly string[]): Promise<ReadonlyMap<string, Records[K]>> => {
    const rows = await select(session, names);
    return new Map(rows.map(({ asked, ...row }) => [asked, mapping.toRecord(row as unknown as Rows[K])]));
  };
};

/** Finds records of one kind, each by its id or its name. */
const finder = <K extends Kind>(dialect: ServerDialect, kind: K) => {
  const [ids, names] = [finding(dialect, kind, "id"), finding(dialect, kind, NAME_COLUMNS[kind])];
  const stored = (name: string): string => (kind === "publications" ? digestOf(name) : name);
  return async (session: Session, refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    const byId = await ids(
      session,
      refs.filter(isId).map(({ id }) => id),
    );
    const byName = await names(
      session,
      refs.flatMap((ref) => (isId(ref) ? [] : [stored(ref.name)])),
    );
    return refs.map((ref) => (isId(ref) ? byId.get(ref.id) : byName.get(stored(ref.name))) ?? null);
  };
};

type Finders = {
  readonly [K in Kind]: (session: Session, refs: readonly Ref[]) => Promise<readonly (Records[K] | null)[]>;
};

export const directoryOn = (dialect: ServerDialect): ((database: Database, calling: Calling) => Directory) => {
  const finders: Finders = {
    publications: finder(dialect, "publications"),
    vouchers: finder(dialect, "vouchers"),
    campaigns: finder(dialect, "campaigns"),
    customers: finder(dialect, "customers"),
  };
  const { putOne, removeOne } = editing(dialect);

  return (database, calling) => ({
    find: (kind, refs) => calling(() => database.read((session) => finders[kind](session, refs))),
    put: (kind, writes) =>
      calling(() =>
        database.write(async (session) => {
          const puts: PutResult[] = [];
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
  });
};
