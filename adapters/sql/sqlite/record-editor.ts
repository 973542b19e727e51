import type { EditableKind, Records, Write } from "oncecode";
import { changeCount, type Statements } from "./connections.ts";
import { RecordTable } from "./record-table.ts";

interface EditStatements<R> {
  readonly nameOf: (record: R) => string | null;
  /** Each gives the id of whoever has a name. */
  readonly owners: readonly string[];
  /** Columns that stay as they were when the record was created. */
  readonly fixed: readonly string[];
  /** Done to the row with each edit. */
  readonly also: string;
}

const EDIT_STATEMENTS: { readonly [K in EditableKind]: EditStatements<Records[K]> } = {
  campaigns: {
    nameOf: ({ name }) => name,
    owners: ["select id from oncecode_campaigns where name = ?"],
    fixed: ["id", "name", "created_at"],
    also: "",
  },
  vouchers: {
    nameOf: ({ code }) => code,
    owners: [
      "select id from oncecode_vouchers where code = ?",
      // A voucher that was published and deleted keeps its code from everybody, also from itself.
      "select '' as id from oncecode_retired where code = ?",
    ],
    fixed: ["id", "code", "campaign_id", "campaign", "created_at", "holder_id", "publication_id", "rank"],
    also: ", set_aside = 0",
  },
  customers: {
    nameOf: ({ sourceId }) => sourceId,
    owners: ["select id from oncecode_customers where source_id = ?"],
    fixed: ["id", "created_at"],
    also: "",
  },
};

/** The records of a kind that the host edits. */
export class EditableTable<K extends EditableKind> extends RecordTable<K> {
  readonly #editing: EditStatements<Records[K]>;
  readonly #revision: string;
  #assignments: string | null = null;

  constructor(statements: Statements, kind: K) {
    super(statements, kind);
    this.#editing = EDIT_STATEMENTS[kind];
    this.#revision = `select revision from ${this.name} where id = ?`;
  }

  /** The revision of a record, null if there is none. */
  revisionOf(id: string): number | null {
    const row = this.statements.of(this.#revision).get(id);
    return row === undefined ? null : (row as { revision: number }).revision;
  }

  isCurrent({ record, replaces }: Write<Records[K]>): boolean {
    return this.revisionOf(record.id) === replaces;
  }

  /** Whether the name of this record belongs to another one. */
  isNameTaken(record: Records[K]): boolean {
    const name = this.#editing.nameOf(record);
    if (name === null) return false;
    return this.#editing.owners.some((sql) => {
      const owner = this.statements.of(sql).get(name);
      return owner !== undefined && (owner as { id: string }).id !== record.id;
    });
  }

  /** Stores a write that is current and whose name is not taken. */
  write({ record, replaces }: Write<Records[K]>): void {
    if (replaces === null) this.insert(record);
    else this.#update(record, replaces);
  }

  delete(id: string): boolean {
    return changeCount(this.statements.of(`delete from ${this.name} where id = ?`), id) === 1;
  }

  #update(record: Records[K], replaces: number): void {
    const { fixed, also } = this.#editing;
    const edited = Object.entries(this.mapping.toRow(record)).filter(([column]) => !fixed.includes(column));
    this.#assignments ??= edited.map(([column]) => `${column} = ?`).join() + also;
    const update = this.statements.of(`update ${this.name} set ${this.#assignments} where id = ? and revision = ?`);
    if (changeCount(update, ...edited.map(([, value]) => value), record.id, replaces) !== 1)
      throw new Error(`${record.id} changed inside a transaction: this is a bug in oncecode/sqlite`);
  }
}
