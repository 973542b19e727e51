import type { Ref } from "oncecode";

/** Records by id and by unique name. A record is never changed, only replaced. */
export class Table<R extends { readonly id: string }> {
  readonly #records: Map<string, R> = new Map();
  readonly #idsByName: Map<string, string> = new Map();
  readonly #nameOf: (record: R) => string | null;

  constructor(nameOf: (record: R) => string | null) {
    this.#nameOf = nameOf;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  getByName(name: string): R | undefined {
    const id = this.#idsByName.get(name);
    return id === undefined ? undefined : this.#records.get(id);
  }

  find(ref: Ref): R | undefined {
    return "id" in ref ? this.get(ref.id) : this.getByName(ref.name);
  }

  values(): IterableIterator<R> {
    return this.#records.values();
  }

  /** Whether another record has this record's name, or a deleted record whose name stays taken. */
  isNameTaken(record: R): boolean {
    const name = this.#nameOf(record);
    const owner = name === null ? undefined : this.#idsByName.get(name);
    return owner !== undefined && (owner !== record.id || !this.#records.has(owner));
  }

  set(record: R): void {
    const name = this.#nameOf(record);
    if (name !== null) this.setNameOwner(name, record);
    this.#records.set(record.id, record);
  }

  setNameOwner(name: string, owner: R): void {
    this.#idsByName.set(name, owner.id);
  }

  /** Deletes a record. Its name is free again. */
  delete(record: R): void {
    const name = this.#nameOf(record);
    if (name !== null) this.#idsByName.delete(name);
    this.#records.delete(record.id);
  }

  /** Deletes a record. Its name stays taken. */
  deleteKeepingName(record: R): void {
    this.#records.delete(record.id);
  }
}
