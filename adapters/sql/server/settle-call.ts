import type { VoucherId, VoucherRecord } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Claim, Decision } from "./decision.ts";
import type { ClaimedVouchers, ServerDialect } from "./dialect.ts";
import { DatabaseError } from "./errors.ts";

/** What is left of a call, each item with its place in it. */
export type PendingItems<Item> = ReadonlyMap<number, Item>;

/** How the items of a call are decided, and answered once they are written. */
export interface SettleStrategy<Item, Answer> {
  /** Answers what can be had without a look, and leaves the others. */
  fastPath(pending: PendingItems<Item>): Promise<ReadonlyMap<number, Answer>>;
  decide(
    pending: PendingItems<Item>,
    contendedIds: ReadonlySet<VoucherId>,
  ): Promise<ReadonlyMap<number, Decision<Answer>>>;
  toAnswer(claim: Claim, vouchers: readonly VoucherRecord[]): Answer;
}

/** How often a call goes on without anything of it being answered. Each time somebody else got on. */
const NO_PROGRESS_MAX = 100;

/**
 * One call. What is plain is done at once, the rest by looking and then claiming, with no lock and no transaction held in
 * between: what was seen is a hint, and the claim makes sure of all of it. An item whose claim does not hold, because
 * somebody else was faster, is decided again.
 */
export class SettleCall<Item, Answer> {
  readonly #database: Database;
  readonly #dialect: ServerDialect;
  readonly #strategy: SettleStrategy<Item, Answer>;
  readonly #answers: Map<number, Answer> = new Map();
  /** Vouchers that somebody else holds on to. */
  readonly #contendedIds: Set<VoucherId> = new Set();
  #pending: PendingItems<Item>;
  #isFastPathTried = false;
  #hasWritten = false;

  constructor(
    database: Database,
    dialect: ServerDialect,
    items: readonly Item[],
    strategy: SettleStrategy<Item, Answer>,
  ) {
    this.#database = database;
    this.#dialect = dialect;
    this.#strategy = strategy;
    this.#pending = new Map(items.entries());
  }

  /** Whether any of it is kept, whatever becomes of the rest. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Goes on until everything is answered. To be called again after a failure that may pass. */
  async run(): Promise<readonly Answer[]> {
    await this.#runFastPath();
    for (let noProgress = 0; this.#pending.size > 0; noProgress++) {
      if (noProgress === NO_PROGRESS_MAX)
        throw new DatabaseError("refused", new Error(`Others were faster ${NO_PROGRESS_MAX} times in a row`));
      const before = this.#pending.size;
      await this.#decideAndClaim();
      if (this.#pending.size < before) noProgress = -1;
    }
    return [...this.#answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
  }

  /** Once in a call: what fails there, or is left, is looked at. */
  async #runFastPath(): Promise<void> {
    if (this.#isFastPathTried) return;
    this.#isFastPathTried = true;
    const answers = await this.#strategy.fastPath(this.#pending);
    this.#hasWritten ||= answers.size > 0;
    for (const [n, answer] of answers) this.#answers.set(n, answer);
    this.#dropAnswered();
  }

  #dropAnswered(): void {
    this.#pending = new Map([...this.#pending].filter(([n]) => !this.#answers.has(n)));
  }

  async #decideAndClaim(): Promise<void> {
    const decisions = await this.#strategy.decide(this.#pending, this.#contendedIds);
    const claims = [...decisions.values()].flatMap((decision) => (decision.type === "claim" ? [decision.claim] : []));
    const readyClaims = claimsToWriteNow(claims);
    const claimedVouchers = await this.#claim(readyClaims);
    for (const claim of readyClaims) {
      const rows = claimedVouchers.get(claim.n);
      if (rows === undefined) for (const { id } of claim.existing) this.#contendedIds.add(id);
      else this.#answers.set(claim.n, this.#strategy.toAnswer(claim, vouchersOf(claim, rows)));
    }
    const areAllWritten = claimedVouchers.size === claims.length;
    for (const [n, decision] of decisions)
      if (decision.type === "answer" && (decision.isFinal || areAllWritten)) this.#answers.set(n, decision.answer);
    this.#dropAnswered();
  }

  /** Writes the claims that hold. */
  async #claim(claims: readonly Claim[]): Promise<ClaimedVouchers> {
    if (claims.length === 0) return new Map();
    const write = this.#dialect.claimsInOneStatement ? this.#database.writeInOneStatement : this.#database.write;
    const claimedVouchers = await write((session) => this.#dialect.claim(session, claims));
    this.#hasWritten ||= claimedVouchers.size > 0;
    return claimedVouchers;
  }
}

/** Those that have to wait for somebody hold up no others: they wait when they are by themselves. */
const claimsToWriteNow = (claims: readonly Claim[]): readonly Claim[] => {
  const withoutWaiting = claims.filter(({ waitsForLocks }) => !waitsForLocks);
  return withoutWaiting.length > 0 ? withoutWaiting : claims;
};

const vouchersOf = ({ existing, fresh }: Claim, rows: readonly VoucherRow[]): readonly VoucherRecord[] => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const existingVouchers = existing.map(({ id }) => {
    const row = byId.get(id);
    if (row === undefined) throw new Error(`${id} was claimed, and is not there: this is a bug in oncecode`);
    return ROW_MAPPINGS.vouchers.toRecord(row);
  });
  return [...existingVouchers, ...fresh];
};
