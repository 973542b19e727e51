import type { EditableKind, Records, Write } from "oncecode";
import { EDITABLE_COLUMNS } from "../schema.ts";
import { changeCount, type Statements } from "./connections.ts";
import { RecordTable } from "./record-table.ts";

interface EditStatements<R> {
  readonly nameOf: (record: R) => string | null;
  /** Each query returns the id of the record that has a name. */
  readonly ownerQueries: readonly string[];
  /** Assignments of each edit, besides the record's own columns. */
  readonly extraAssignments: string;
}

const EDIT_STATEMENTS: { readonly [K in EditableKind]: EditStatements<Records[K]> } = {
  campaigns: {
    nameOf: ({ name }) => name,
    ownerQueries: ["select id from oncecode_campaigns where name = ?"],
    extraAssignments: "",
  },
  vouchers: {
    nameOf: ({ code }) => code,
    ownerQueries: [
      "select id from oncecode_vouchers where code = ?",
      // After a published voucher is deleted, no voucher can have its code again.
      "select '' as id from oncecode_retired where code = ?",
    ],
    extraAssignments: ", set_aside = 0",
  },
  customers: {
    nameOf: ({ sourceId }) => sourceId,
    ownerQueries: ["select id from oncecode_customers where source_id = ?"],
    extraAssignments: "",
  },
};

/** The records of a kind that the host can edit. */
export class EditableTable<K extends EditableKind> extends RecordTable<K> {
  readonly #editing: EditStatements<Records[K]>;
  readonly #editable: ReadonlySet<string>;
  readonly #revision: string;
  #assignments: string | null = null;

  constructor(statements: Statements, kind: K) {
    super(statements, kind);
    this.#editing = EDIT_STATEMENTS[kind];
    this.#editable = EDITABLE_COLUMNS[kind];
    this.#revision = `select revision from ${this.name} where id = ?`;
  }

  /** The revision of a record, or null if the record does not exist. */
  revisionOf(id: string): number | null {
    const row = this.statements.of(this.#revision).get(id);
    return row === undefined ? null : (row as { revision: number }).revision;
  }

  isCurrent({ record, replaces }: Write<Records[K]>): boolean {
    return this.revisionOf(record.id) === replaces;
  }

  /** Whether another record has the name of this record, or a deleted, published voucher had this code. */
  isNameTaken(record: Records[K]): boolean {
    const name = this.#editing.nameOf(record);
    if (name === null) return false;
    return this.#editing.ownerQueries.some((sql) => {
      const owner = this.statements.of(sql).get(name);
      return owner !== undefined && (owner as { id: string }).id !== record.id;
    });
  }

  /** Call it only for a write that is current, with a name that is not taken. */
  write({ record, replaces }: Write<Records[K]>): void {
    if (replaces === null) this.insert(record);
    else this.#update(record, replaces);
  }

  delete(id: string): boolean {
    return changeCount(this.statements.of(`delete from ${this.name} where id = ?`), id) === 1;
  }

  #update(record: Records[K], replaces: number): void {
    const edited = Object.entries(this.mapping.toRow(record)).filter(([column]) => this.#editable.has(column));
    this.#assignments ??= edited.map(([column]) => `${column} = ?`).join() + this.#editing.extraAssignments;
    const update = this.statements.of(`update ${this.name} set ${this.#assignments} where id = ? and revision = ?`);
    if (changeCount(update, ...edited.map(([, value]) => value), record.id, replaces) !== 1)
      throw new Error(`${record.id} changed inside a transaction: this is a bug in oncecode/sqlite`);
  }
}
