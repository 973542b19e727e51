import { sql } from "kysely";
import type { Directory, Kind, PutResult, Records, Ref } from "oncecode";
import { ROW_MAPPINGS, type RowMapping } from "../row-mappings.ts";
import { COLUMNS, type Rows } from "../schema.ts";
import { keyDigest } from "./claim-rows.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { recordEditor } from "./record-editor.ts";
import type { PortCall } from "./retries.ts";
import { selectByValues } from "./value-select.ts";

/** The column of the unique name, per kind. */
const NAME_COLUMNS: Readonly<Record<Kind, string>> = {
  publications: "key",
  vouchers: "code",
  campaigns: "name",
  customers: "source_id",
};

const isId = (ref: Ref): ref is { readonly id: string } => "id" in ref;

type FoundRow<K extends Kind> = Rows[K] & { readonly lookup_value: string };

/** Finds records of one kind by a column. */
const columnFinder = <K extends Kind>(dialect: ServerDialect, kind: K, by: string) => {
  const { tables } = dialect;
  const isKey = by === "key";
  const lookupColumn = sql.ref(isKey ? "k.key" : `r.${by}`);
  const select = selectByValues<FoundRow<K>>(dialect, {
    // We name the columns, because a newer version may add columns while this version runs.
    columns: sql`${sql.join(Object.keys(COLUMNS[kind]).map((column) => sql.ref(`r.${column}`)))}, ${lookupColumn} as lookup_value`,
    from: isKey
      ? sql`(${sql.table(tables.keys)} as k join ${sql.table(tables.publications)} as r on r.id = k.publication_id)`
      : sql`${sql.table(tables[kind])} as r`,
    by: lookupColumn,
  });
  const mapping: RowMapping<Records[K], Rows[K]> = ROW_MAPPINGS[kind];
  return async (session: Session, names: readonly string[]): Promise<ReadonlyMap<string, Records[K]>> => {
    const rows = await select(session, names);
    return new Map(rows.map(({ lookup_value, ...row }) => [lookup_value, mapping.toRecord(row as unknown as Rows[K])]));
  };
};

/** Finds records of one kind by id or name. */
const recordFinder = <K extends Kind>(dialect: ServerDialect, kind: K) => {
  const [findByIds, findByNames] = [columnFinder(dialect, kind, "id"), columnFinder(dialect, kind, NAME_COLUMNS[kind])];
  const storedName = (name: string): string => (kind === "publications" ? keyDigest(name) : name);
  return async (session: Session, refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    const byId = await findByIds(
      session,
      refs.filter(isId).map(({ id }) => id),
    );
    const byName = await findByNames(
      session,
      refs.flatMap((ref) => (isId(ref) ? [] : [storedName(ref.name)])),
    );
    return refs.map((ref) => (isId(ref) ? byId.get(ref.id) : byName.get(storedName(ref.name))) ?? null);
  };
};

type Finders = {
  readonly [K in Kind]: (session: Session, refs: readonly Ref[]) => Promise<readonly (Records[K] | null)[]>;
};

export const directoryOn = (dialect: ServerDialect): ((database: Database, portCall: PortCall) => Directory) => {
  const finders: Finders = {
    publications: recordFinder(dialect, "publications"),
    vouchers: recordFinder(dialect, "vouchers"),
    campaigns: recordFinder(dialect, "campaigns"),
    customers: recordFinder(dialect, "customers"),
  };
  const { putOne, removeOne } = recordEditor(dialect);

  return (database, portCall) => ({
    find: (kind, refs) => portCall(() => database.read((session) => finders[kind](session, refs))),
    put: (kind, writes) =>
      portCall(() =>
        database.write(async (session) => {
          const putResults: PutResult[] = [];
          for (const write of writes) putResults.push(await putOne(session, kind, write));
          return putResults;
        }),
      ),
    remove: (kind, ids) =>
      portCall(() =>
        database.write(async (session) => {
          const removals: boolean[] = [];
          for (const id of ids) removals.push(await removeOne(session, kind, id));
          return removals;
        }),
      ),
  });
};
