import { type RawBuilder, sql } from "kysely";
import type { EditableKind, PutResult, Records, Write } from "oncecode";
import { ROW_MAPPINGS, type RowMapping } from "../row-mappings.ts";
import { type CampaignRow, EDITABLE_COLUMNS, type Rows, type SqlValue } from "../schema.ts";
import type { Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { DatabaseError } from "./errors.ts";

type EditableRow = Rows[EditableKind];

const nameOf = (row: EditableRow): string | null => {
  if ("code" in row) return row.code;
  return "source_id" in row ? row.source_id : row.name;
};

const hasId = (id: string): RawBuilder<unknown> => sql`id = ${id}`;
const isOfCampaign = (id: string): RawBuilder<unknown> => sql`campaign_id = ${id}`;

const assignment = (column: string, value: SqlValue): RawBuilder<unknown> => sql`${sql.ref(column)} = ${value}`;

/** Edits single records inside an open transaction. */
export interface RecordEditor {
  putOne<K extends EditableKind>(session: Session, kind: K, write: Write<Records[K]>): Promise<PutResult>;
  removeOne(session: Session, kind: EditableKind, id: string): Promise<boolean>;
}

export const recordEditor = (dialect: ServerDialect): RecordEditor => {
  const { tables } = dialect;
  const table = (kind: EditableKind): RawBuilder<unknown> => sql.table(tables[kind]);

  /** Reads a row and locks it until the end of the transaction. */
  const lockRow = async (session: Session, kind: EditableKind, id: string): Promise<EditableRow | null> => {
    const { rows } = await sql<EditableRow>`select * from ${table(kind)} where id = ${id} for update`.execute(session);
    return rows[0] ?? null;
  };

  /** Queries for the owner of a name. After a published voucher is deleted, no voucher can have its code again. */
  const ownerQueries: {
    readonly [K in EditableKind]: (name: string) => readonly RawBuilder<{ readonly id: string }>[];
  } = {
    campaigns: (name) => [sql`select id from ${table("campaigns")} where name = ${name}`],
    customers: (name) => [sql`select id from ${table("customers")} where source_id = ${name}`],
    vouchers: (name) => [
      sql`select id from ${table("vouchers")} where code = ${name}`,
      sql`select coalesce(v.id, '') as id from ${sql.table(tables.claims)} as c
        left join ${table("vouchers")} as v on v.id = c.voucher_id where c.code = ${name}`,
    ],
  };

  const isNameTaken = async (session: Session, kind: EditableKind, row: EditableRow): Promise<boolean> => {
    const name = nameOf(row);
    if (name === null) return false;
    for (const owner of ownerQueries[kind](name)) {
      const { rows } = await owner.execute(session);
      if (rows.some(({ id }) => id !== row.id)) return true;
    }
    return false;
  };

  const insert = async (session: Session, kind: EditableKind, row: EditableRow): Promise<void> => {
    const columns = Object.keys(row).map((column) => sql.ref(column));
    await sql`insert into ${table(kind)} (${sql.join(columns)}) values (${sql.join(Object.values(row))})`.execute(
      session,
    );
  };

  const update = async (session: Session, kind: EditableKind, row: EditableRow, replaces: number): Promise<void> => {
    const changes = Object.entries(row).filter(([column]) => EDITABLE_COLUMNS[kind].has(column));
    const assignments = changes.map(([column, value]) => assignment(column, value));
    const { numAffectedRows } = await sql`
      update ${table(kind)} set ${sql.join(kind === "vouchers" ? [...assignments, ...dialect.setAsideReset] : assignments)}
      where id = ${row.id} and revision = ${replaces}`.execute(session);
    if (numAffectedRows !== 1n) throw new DatabaseError("retry", new Error(`${row.id} changed inside a transaction`));
  };

  /** When a date of a campaign changes, its unpublished vouchers get the new date. */
  const updateVoucherDates = async (session: Session, old: CampaignRow, row: CampaignRow): Promise<void> => {
    const dates = (["start_date", "expiration_date"] as const).filter((column) => old[column] !== row[column]);
    if (dates.length === 0) return;
    const dateAssignments = dates.map((column) => assignment(column, row[column]));
    const otherAssignments = [
      assignment("updated_at", row.updated_at),
      sql`revision = revision + 1`,
      ...dialect.setAsideReset,
    ];
    await sql`
      update ${table("vouchers")} set ${sql.join([...dateAssignments, ...otherAssignments])}
      where campaign_id = ${row.id} and publication_id is null`.execute(session);
    await dialect.syncPool(session, isOfCampaign(row.id));
  };

  return {
    putOne: async <K extends EditableKind>(session: Session, kind: K, { record, replaces }: Write<Records[K]>) => {
      const mapping: RowMapping<Records[K], Rows[K]> = ROW_MAPPINGS[kind];
      const row = mapping.toRow(record);
      const old = await lockRow(session, kind, record.id);
      if (old !== null && replaces === null) return old.created_at === record.createdAt ? "written" : "taken";
      if ((old?.revision ?? null) !== replaces) return "stale";
      if (await isNameTaken(session, kind, row)) return "taken";
      if (replaces === null) {
        await insert(session, kind, row);
        if (kind === "vouchers") await dialect.syncPool(session, hasId(row.id));
        // Another voucher with this code may have been published and deleted after our first check.
        if (await isNameTaken(session, kind, row))
          throw new DatabaseError("retry", new Error(`${row.id} lost its name`));
        return "written";
      }
      await update(session, kind, row, replaces);
      if (kind === "vouchers") await dialect.syncPool(session, hasId(row.id));
      if (old !== null && "join_once" in old && "join_once" in row) await updateVoucherDates(session, old, row);
      return "written";
    },
    removeOne: async (session, kind, id) => {
      // The lock comes first. Otherwise another call could add vouchers to the campaign while we delete them.
      if ((await lockRow(session, kind, id)) === null) return false;
      if (kind === "campaigns") await sql`delete from ${table("vouchers")} where ${isOfCampaign(id)}`.execute(session);
      await sql`delete from ${table(kind)} where ${hasId(id)}`.execute(session);
      if (kind !== "customers") await dialect.syncPool(session, kind === "vouchers" ? hasId(id) : isOfCampaign(id));
      return true;
    },
  };
};
