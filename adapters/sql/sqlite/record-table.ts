import type { EditableKind, Kind, Records, Ref, Write } from "oncecode";
import { MAPPINGS, type Mapping } from "../rows.ts";
import { type Rows, TABLES } from "../schema.ts";
import { changed, type Statements } from "./handle.ts";

const BY_NAME: { readonly [K in Kind]: string } = {
  publications: `select p.* from oncecode_keys k join oncecode_publications p on p.id = k.publication_id
    where k.key = ?`,
  vouchers: "select * from oncecode_vouchers where code = ?",
  campaigns: "select * from oncecode_campaigns where name = ?",
  customers: "select * from oncecode_customers where source_id = ?",
};

/** The records of one kind. All of it is synchronous, to be run inside a transaction. */
export class RecordTable<K extends Kind> {
  protected readonly statements: Statements;
  protected readonly name: string;
  protected readonly mapping: Mapping<Records[K], Rows[K]>;
  readonly #byId: string;
  readonly #byName: string;
  readonly #isThere: string;
  #insertion: { readonly plain: string; readonly ifFree: string } | null = null;

  constructor(statements: Statements, kind: K) {
    this.statements = statements;
    this.name = TABLES[kind];
    this.mapping = MAPPINGS[kind];
    this.#byId = `select * from ${this.name} where id = ?`;
    this.#byName = BY_NAME[kind];
    this.#isThere = `select 1 from ${this.name} where id = ?`;
  }

  find(ref: Ref): Records[K] | null {
    const row = "id" in ref ? this.#get(this.#byId, ref.id) : this.#get(this.#byName, ref.name);
    return row === undefined ? null : this.mapping.toRecord(row as Rows[K]);
  }

  has(id: string): boolean {
    return this.#get(this.#isThere, id) !== undefined;
  }

  insert(record: Records[K]): void {
    const row = this.mapping.toRow(record);
    this.statements.of(this.#insertionOf(row).plain).run(...Object.values(row));
  }

  /** False, and nothing done, if a unique column would have the same value twice. */
  insertIfFree(record: Records[K]): boolean {
    const row = this.mapping.toRow(record);
    return changed(this.statements.of(this.#insertionOf(row).ifFree), ...Object.values(row)) === 1;
  }

  #get(sql: string, value: string): unknown {
    return this.statements.of(sql).get(value);
  }

  /** The same for every row, since all that a mapping makes have the same columns in the same order. */
  #insertionOf(row: Rows[K]): { readonly plain: string; readonly ifFree: string } {
    if (this.#insertion === null) {
      const columns = Object.keys(row);
      const plain = `insert into ${this.name} (${columns}) values (${columns.map(() => "?")})`;
      this.#insertion = { plain, ifFree: `${plain} on conflict do nothing` };
    }
    return this.#insertion;
  }
}

interface Editing<R> {
  readonly nameOf: (record: R) => string | null;
  /** Each gives the id of whoever has a name. */
  readonly owners: readonly string[];
  /** Columns that stay as they were when the record was created. */
  readonly fixed: readonly string[];
  /** Done to the row with each edit. */
  readonly also: string;
}

const EDITING: { readonly [K in EditableKind]: Editing<Records[K]> } = {
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
      `select iif(voucher_id in (select id from oncecode_vouchers), voucher_id, '') as id
       from oncecode_claims where code = ?`,
    ],
    fixed: ["id", "code", "campaign_id", "campaign", "created_at", "holder_id", "publication_id", "rank"],
    also: ", parked = 0",
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
  readonly #editing: Editing<Records[K]>;
  readonly #revision: string;
  #assignments: string | null = null;

  constructor(statements: Statements, kind: K) {
    super(statements, kind);
    this.#editing = EDITING[kind];
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
    return changed(this.statements.of(`delete from ${this.name} where id = ?`), id) === 1;
  }

  #update(record: Records[K], replaces: number): void {
    const { fixed, also } = this.#editing;
    const edited = Object.entries(this.mapping.toRow(record)).filter(([column]) => !fixed.includes(column));
    this.#assignments ??= edited.map(([column]) => `${column} = ?`).join() + also;
    const update = this.statements.of(`update ${this.name} set ${this.#assignments} where id = ? and revision = ?`);
    if (changed(update, ...edited.map(([, value]) => value), record.id, replaces) !== 1)
      throw new Error(`${record.id} changed inside a transaction: this is a bug in oncecode/sqlite`);
  }
}

/** All records of a database. */
export interface RecordTables {
  readonly publications: RecordTable<"publications">;
  readonly vouchers: EditableTable<"vouchers">;
  readonly campaigns: EditableTable<"campaigns">;
  readonly customers: EditableTable<"customers">;
}

export const recordTables = (statements: Statements): RecordTables => ({
  publications: new RecordTable(statements, "publications"),
  vouchers: new EditableTable(statements, "vouchers"),
  campaigns: new EditableTable(statements, "campaigns"),
  customers: new EditableTable(statements, "customers"),
});
