import { type CampaignId, hasExpired, type Instant, type VoucherRecord } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { SqlValue, VoucherRow } from "../schema.ts";
import { SET_ASIDE_MAX } from "../schema.ts";
import { changeCount, type Statements } from "./connections.ts";

/** A request for `count` vouchers of a campaign that are unexpired at `now`. The walk begins at `startRank`. */
export interface DrawRequest {
  readonly campaignId: CampaignId;
  readonly startRank: number;
  readonly count: number;
  readonly now: Instant;
}

/** SQLite uses the partial index only if this condition implies the condition of the index. */
const IN_POOL = "campaign_id = ? and publication_id is null and active = 1 and set_aside = 0";

// Without `+ 0`, SQLite plans the statement again for each new limit.
const walkQuery = (range: string, only: string): string =>
  `select * from oncecode_vouchers where ${IN_POOL} and rank ${range} ? ${only} order by rank limit ? + 0`;
const IS_UNEXPIRED = "and (expiration_date is null or expiration_date > ?)";
/** A walk has two parts: from the start rank to the end of the pool, then from the beginning to the start rank. */
const WALK_ALL = [walkQuery(">=", ""), walkQuery("<", "")] as const;
const WALK_UNEXPIRED = [walkQuery(">=", IS_UNEXPIRED), walkQuery("<", IS_UNEXPIRED)] as const;

const SET_ASIDE = `update oncecode_vouchers set set_aside = 1 where rowid in (
  select rowid from oncecode_vouchers
  where ${IN_POOL} and rank between ? and ? and expiration_date <= ? order by rank limit ? + 0)`;
const RETURN_TO_POOL =
  "update oncecode_vouchers set set_aside = 0 where campaign_id = ? and set_aside = 1 and expiration_date > ?";

/**
 * The pools, for one transaction. A draw walks along an index by rank. It sets the expired vouchers on its way aside. They
 * leave the index, so that the next draw does not read them again.
 */
export class Pool {
  readonly #statements: Statements;
  /** The campaigns with an empty pool, and since when. So a batch searches an empty pool only once. */
  readonly #emptySince: Map<CampaignId, Instant> = new Map();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Returns fewer vouchers if the pool has fewer. It does not take them out of the pool. */
  candidates(draw: DrawRequest): readonly VoucherRecord[] {
    const { campaignId, count, now } = draw;
    const emptySince = this.#emptySince.get(campaignId);
    if (emptySince !== undefined && emptySince <= now) return [];
    const first = this.#unexpired(draw);
    // A clock may go back, and a voucher that was set aside is unexpired again.
    const hasReturned = first.length < count && this.#change(RETURN_TO_POOL, campaignId, now) > 0;
    const drawn = hasReturned ? this.#unexpired(draw) : first;
    if (drawn.length === 0) this.#emptySince.set(campaignId, now);
    return drawn;
  }

  /** Forgets that the pool is empty. Call it when a draft brings new vouchers. */
  markRefilled(campaignId: CampaignId): void {
    this.#emptySince.delete(campaignId);
  }

  #unexpired(draw: DrawRequest): readonly VoucherRecord[] {
    const nearest = this.#walk(WALK_ALL, draw);
    if (!nearest.some((voucher) => hasExpired(voucher, draw.now))) return nearest;
    const unexpired = this.#walk(WALK_UNEXPIRED, draw, draw.now);
    this.#setAsideExpired(draw, unexpired);
    return unexpired;
  }

  #walk(
    [toEnd, fromBeginning]: readonly [string, string],
    { campaignId, startRank, count }: DrawRequest,
    ...operands: readonly SqlValue[]
  ): readonly VoucherRecord[] {
    const read = (sql: string, limit: number): readonly VoucherRecord[] =>
      this.#statements
        .of(sql)
        .all(campaignId, startRank, ...operands, limit)
        .map((row) => ROW_MAPPINGS.vouchers.toRecord(row as VoucherRow));
    const first = read(toEnd, count);
    return first.length === count ? first : [...first, ...read(fromBeginning, count - first.length)];
  }

  /** Sets aside the expired vouchers that the walk has passed. */
  #setAsideExpired({ campaignId, startRank, count, now }: DrawRequest, drawn: readonly VoucherRecord[]): void {
    const last = drawn.length < count ? undefined : drawn.at(-1)?.rank;
    if (last === undefined) this.#change(SET_ASIDE, campaignId, 0, 1, now, SET_ASIDE_MAX);
    else if (last >= startRank) this.#change(SET_ASIDE, campaignId, startRank, last, now, SET_ASIDE_MAX);
    else {
      this.#change(SET_ASIDE, campaignId, startRank, 1, now, SET_ASIDE_MAX);
      this.#change(SET_ASIDE, campaignId, 0, last, now, SET_ASIDE_MAX);
    }
  }

  #change(statement: string, ...parameters: readonly SqlValue[]): number {
    return changeCount(this.#statements.of(statement), ...parameters);
  }
}
