import type { VoucherId, VoucherRecord } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { ClaimedVouchers, ServerDialect } from "./dialect.ts";
import { DatabaseError } from "./errors.ts";
import type { Claim, Plan } from "./plan.ts";

/** The items of a call without an answer, by their position in the call. */
export type PendingItems<Item> = ReadonlyMap<number, Item>;

/** How a call plans its items, and answers them after the write. */
export interface SettleStrategy<Item, Answer> {
  /** Settles items without a snapshot, as far as possible. */
  fastPath(pending: PendingItems<Item>): Promise<ReadonlyMap<number, Answer>>;
  plan(pending: PendingItems<Item>, contendedIds: ReadonlySet<VoucherId>): Promise<ReadonlyMap<number, Plan<Answer>>>;
  toAnswer(claim: Claim, vouchers: readonly VoucherRecord[]): Answer;
}

/** How many times in a row steps 2 to 4 may answer no item. Each time, another call was faster. */
const NO_PROGRESS_MAX = 100;

/**
 * One call of `settle` or `record`.
 *
 * 1. The fast path settles as many items as it can without a snapshot.
 * 2. For the rest, load a snapshot and plan. No lock and no transaction is open between the snapshot and the claim.
 * 3. Claim: write the plans. The claim checks that the snapshot still holds.
 * 4. A claim fails if another call was faster. Plan such items again, from step 2.
 */
export class SettleCall<Item, Answer> {
  readonly #database: Database;
  readonly #dialect: ServerDialect;
  readonly #strategy: SettleStrategy<Item, Answer>;
  readonly #answers: Map<number, Answer> = new Map();
  /** Vouchers that other calls have locked. */
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

  /** Whether a part of the call is stored already. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Runs until all items have an answer. It may be called again after a `retry` failure. */
  async run(): Promise<readonly Answer[]> {
    await this.#runFastPath();
    for (let noProgress = 0; this.#pending.size > 0; noProgress++) {
      if (noProgress === NO_PROGRESS_MAX)
        throw new DatabaseError(
          "refused",
          new Error(`Other calls were faster ${NO_PROGRESS_MAX} times in a row: try again later`),
        );
      const before = this.#pending.size;
      await this.#planAndClaim();
      if (this.#pending.size < before) noProgress = -1;
    }
    return [...this.#answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
  }

  /** Runs at most once per call. If it fails, or leaves items, the call goes on with a snapshot. */
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

  async #planAndClaim(): Promise<void> {
    const plans = await this.#strategy.plan(this.#pending, this.#contendedIds);
    const claims = [...plans.values()].flatMap((plan) => (plan.type === "claim" ? [plan.claim] : []));
    const readyClaims = claimsToWriteNow(claims);
    const claimedVouchers = await this.#claim(readyClaims);
    for (const claim of readyClaims) {
      const rows = claimedVouchers.get(claim.n);
      if (rows === undefined) for (const { id } of claim.existing) this.#contendedIds.add(id);
      else this.#answers.set(claim.n, this.#strategy.toAnswer(claim, vouchersOf(claim, rows)));
    }
    const areAllWritten = claimedVouchers.size === claims.length;
    for (const [n, plan] of plans)
      if (plan.type === "answer" && (plan.isFinal || areAllWritten)) this.#answers.set(n, plan.answer);
    this.#dropAnswered();
  }

  /** Writes those claims whose snapshot still holds. */
  async #claim(claims: readonly Claim[]): Promise<ClaimedVouchers> {
    if (claims.length === 0) return new Map();
    const write = this.#dialect.claimsInOneStatement ? this.#database.writeInOneStatement : this.#database.write;
    const claimedVouchers = await write((session) => this.#dialect.claim(session, claims));
    this.#hasWritten ||= claimedVouchers.size > 0;
    return claimedVouchers;
  }
}

/** A claim that waits for a lock would delay the others. So such claims run only when no others are left. */
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
