import type { VoucherId, VoucherRecord } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Claimed, ServerDialect } from "./dialect.ts";
import { Fault } from "./faults.ts";
import type { Claim, Decision } from "./planning.ts";

/** What is left of a call, each item with its place in it. */
export type Pending<Item> = ReadonlyMap<number, Item>;

/** How the items of a call are decided, and answered once they are written. */
export interface Deciding<Item, Answer> {
  /** Answers what can be had without a look, and leaves the others. */
  atOnce(pending: Pending<Item>): Promise<ReadonlyMap<number, Answer>>;
  decide(pending: Pending<Item>, busy: ReadonlySet<VoucherId>): Promise<ReadonlyMap<number, Decision<Answer>>>;
  written(claim: Claim, vouchers: readonly VoucherRecord[]): Answer;
}

/** How often a call goes on without anything of it being answered. Each time somebody else got on. */
const IDLE_MAX = 100;

/**
 * One call. What is plain is done at once, the rest by looking and then claiming, with no lock and no transaction held in
 * between: what was seen is a hint, and the claim makes sure of all of it. An item whose claim does not hold, because
 * somebody else was faster, is decided again.
 */
export class Call<Item, Answer> {
  readonly #database: Database;
  readonly #dialect: ServerDialect;
  readonly #deciding: Deciding<Item, Answer>;
  readonly #answers: Map<number, Answer> = new Map();
  /** Vouchers that somebody else holds on to. */
  readonly #busy: Set<VoucherId> = new Set();
  #pending: Pending<Item>;
  #isTriedAtOnce = false;
  #hasWritten = false;

  constructor(database: Database, dialect: ServerDialect, items: readonly Item[], deciding: Deciding<Item, Answer>) {
    this.#database = database;
    this.#dialect = dialect;
    this.#deciding = deciding;
    this.#pending = new Map(items.entries());
  }

  /** Whether any of it is kept, whatever becomes of the rest. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Goes on until everything is answered. To be called again after a failure that may pass. */
  async run(): Promise<readonly Answer[]> {
    await this.#atOnce();
    for (let idle = 0; this.#pending.size > 0; idle++) {
      if (idle === IDLE_MAX) throw new Fault("refused", new Error(`Others were faster ${IDLE_MAX} times in a row`));
      const before = this.#pending.size;
      await this.#round();
      if (this.#pending.size < before) idle = -1;
    }
    return [...this.#answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
  }

  /** Once in a call: what fails there, or is left, is looked at. */
  async #atOnce(): Promise<void> {
    if (this.#isTriedAtOnce) return;
    this.#isTriedAtOnce = true;
    const answers = await this.#deciding.atOnce(this.#pending);
    this.#hasWritten ||= answers.size > 0;
    for (const [n, answer] of answers) this.#answers.set(n, answer);
    this.#leaveAnswered();
  }

  #leaveAnswered(): void {
    this.#pending = new Map([...this.#pending].filter(([n]) => !this.#answers.has(n)));
  }

  async #round(): Promise<void> {
    const decisions = await this.#deciding.decide(this.#pending, this.#busy);
    const claims = [...decisions.values()].flatMap((decision) => (decision.type === "claim" ? [decision.claim] : []));
    const settled = readyOf(claims);
    const held = await this.#claim(settled);
    for (const claim of settled) {
      const rows = held.get(claim.n);
      if (rows === undefined) for (const { id } of claim.present) this.#busy.add(id);
      else this.#answers.set(claim.n, this.#deciding.written(claim, vouchersOf(claim, rows)));
    }
    const allHeld = held.size === claims.length;
    for (const [n, decision] of decisions)
      if (decision.type === "answer" && (decision.firm || allHeld)) this.#answers.set(n, decision.answer);
    this.#leaveAnswered();
  }

  /** Writes the claims that hold. */
  async #claim(claims: readonly Claim[]): Promise<Claimed> {
    if (claims.length === 0) return new Map();
    const run = this.#dialect.claimsAtOnce ? this.#database.writeOnce : this.#database.write;
    const held = await run((session) => this.#dialect.claim(session, claims));
    this.#hasWritten ||= held.size > 0;
    return held;
  }
}

/** Those that have to wait for somebody hold up no others: they wait when they are by themselves. */
const readyOf = (claims: readonly Claim[]): readonly Claim[] => {
  const ready = claims.filter(({ waits }) => !waits);
  return ready.length > 0 ? ready : claims;
};

const vouchersOf = ({ present, fresh }: Claim, rows: readonly VoucherRow[]): readonly VoucherRecord[] => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const taken = present.map(({ id }) => {
    const row = byId.get(id);
    if (row === undefined) throw new Error(`${id} was claimed, and is not there: this is a bug in oncecode`);
    return MAPPINGS.vouchers.toRecord(row);
  });
  return [...taken, ...fresh];
};
