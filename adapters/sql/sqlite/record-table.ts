import type { Kind, Records, Ref } from "oncecode";
import { ROW_MAPPINGS, type RowMapping } from "../row-mappings.ts";
import { type Rows, TABLES } from "../schema.ts";
import { changeCount, type Statements } from "./connections.ts";

const BY_NAME: { readonly [K in Kind]: string } = {
  publications: `select p.* from oncecode_keys k join oncecode_publications p on p.id = k.publication_id
    where k.key = ?`,
  vouchers: "select * from oncecode_vouchers where code = ?",
  campaigns: "select * from oncecode_campaigns where name = ?",
  customers: "select * from oncecode_customers where source_id = ?",
};

/** The records of one kind. Its methods are synchronous and run inside a transaction. */
export class RecordTable<K extends Kind> {
  protected readonly statements: Statements;
  protected readonly name: string;
  protected readonly mapping: RowMapping<Records[K], Rows[K]>;
  readonly #byId: string;
  readonly #byName: string;
  readonly #isThere: string;
  #insertion: { readonly plain: string; readonly ifFree: string } | null = null;

  constructor(statements: Statements, kind: K) {
    this.statements = statements;
    this.name = TABLES[kind];
    this.mapping = ROW_MAPPINGS[kind];
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

  /** Returns false, and inserts nothing, if another record has the same value in a unique column. */
  insertUnlessTaken(record: Records[K]): boolean {
    const row = this.mapping.toRow(record);
    return changeCount(this.statements.of(this.#insertionOf(row).ifFree), ...Object.values(row)) === 1;
  }

  #get(sql: string, value: string): unknown {
    return this.statements.of(sql).get(value);
  }

  /** All rows of a mapping have the same columns in the same order, so the statements are built once. */
  #insertionOf(row: Rows[K]): { readonly plain: string; readonly ifFree: string } {
    if (this.#insertion === null) {
      const columns = Object.keys(row);
      const plain = `insert or fail into ${this.name} (${columns}) values (${columns.map(() => "?")})`;
      this.#insertion = { plain, ifFree: `${plain} on conflict do nothing` };
    }
    return this.#insertion;
  }
}
