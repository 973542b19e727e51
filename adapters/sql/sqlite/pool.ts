import type { CampaignId, Instant, VoucherRecord } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { SqlValue, VoucherRow } from "../schema.ts";
import { SET_ASIDE_MAX } from "../schema.ts";
import { changeCount, type Statements } from "./connections.ts";

/** What to draw: `count` vouchers of a campaign that are live at `now`, from the point `at` on. */
export interface Draw {
  readonly campaignId: CampaignId;
  readonly at: number;
  readonly count: number;
  readonly now: Instant;
}

export const isLive = ({ expirationDate }: VoucherRecord, now: Instant): boolean =>
  expirationDate === null || expirationDate > now;

/** Word for word the condition of the index, or SQLite does not use it. */
const IN_POOL = "campaign_id = ? and publication_id is null and active = 1 and set_aside = 0";

// The sum keeps SQLite from planning anew for each limit it is given.
const walkQuery = (range: string, only: string): string =>
  `select * from oncecode_vouchers where ${IN_POOL} and rank ${range} ? ${only} order by rank limit ? + 0`;
const IS_UNEXPIRED = "and (expiration_date is null or expiration_date > ?)";
/** The two stretches of a walk around the pool. */
const WALK_ALL = [walkQuery(">=", ""), walkQuery("<", "")] as const;
const WALK_UNEXPIRED = [walkQuery(">=", IS_UNEXPIRED), walkQuery("<", IS_UNEXPIRED)] as const;

const SET_ASIDE = `update oncecode_vouchers set set_aside = 1 where rowid in (
  select rowid from oncecode_vouchers
  where ${IN_POOL} and rank between ? and ? and expiration_date <= ? order by rank limit ? + 0)`;
const RETURN_TO_POOL =
  "update oncecode_vouchers set set_aside = 0 where campaign_id = ? and set_aside = 1 and expiration_date > ?";

/**
 * The vouchers that can be drawn, for the length of one transaction.
 *
 * A draw walks along an index by rank. Expired vouchers that it meets are set aside, which takes them out of the index, so
 * that the next draw need not pass them again.
 */
export class Pool {
  readonly #statements: Statements;
  /** Since when a campaign has nothing live, so that a batch finds out only once. */
  readonly #dry: Map<CampaignId, Instant> = new Map();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** The drawn vouchers, or all there are if they are fewer. Takes none away. */
  draw(draw: Draw): readonly VoucherRecord[] {
    const { campaignId, count, now } = draw;
    const dry = this.#dry.get(campaignId);
    if (dry !== undefined && dry <= now) return [];
    const drawn = this.#liveOf(draw);
    // A clock may go back, as a test's does: some that had expired are live.
    const missed = drawn.length < count && this.#change(RETURN_TO_POOL, campaignId, now) > 0;
    const found = missed ? this.#liveOf(draw) : drawn;
    if (found.length === 0) this.#dry.set(campaignId, now);
    return found;
  }

  /** To be called when vouchers were added to a campaign. */
  refilled(campaignId: CampaignId): void {
    this.#dry.delete(campaignId);
  }

  #liveOf(draw: Draw): readonly VoucherRecord[] {
    const nearest = this.#around(WALK_ALL, draw);
    if (nearest.every((voucher) => isLive(voucher, draw.now))) return nearest;
    const live = this.#around(WALK_UNEXPIRED, draw, draw.now);
    this.#park(draw, live);
    return live;
  }

  /** Those from `at` to the end, and then those from the start. */
  #around(
    [onwards, fromStart]: readonly [string, string],
    { campaignId, at, count }: Draw,
    ...operands: readonly SqlValue[]
  ): readonly VoucherRecord[] {
    const take = (sql: string, limit: number): readonly VoucherRecord[] =>
      this.#statements
        .of(sql)
        .all(campaignId, at, ...operands, limit)
        .map((row) => ROW_MAPPINGS.vouchers.toRecord(row as VoucherRow));
    const first = take(onwards, count);
    return first.length === count ? first : [...first, ...take(fromStart, count - first.length)];
  }

  /** Parks what the walk passed on its way to the last of `live`. */
  #park({ campaignId, at, count, now }: Draw, live: readonly VoucherRecord[]): void {
    const last = live.length < count ? undefined : live.at(-1)?.rank;
    if (last === undefined) this.#change(SET_ASIDE, campaignId, 0, 1, now, SET_ASIDE_MAX);
    else if (last >= at) this.#change(SET_ASIDE, campaignId, at, last, now, SET_ASIDE_MAX);
    else {
      this.#change(SET_ASIDE, campaignId, at, 1, now, SET_ASIDE_MAX);
      this.#change(SET_ASIDE, campaignId, 0, last, now, SET_ASIDE_MAX);
    }
  }

  #change(statement: string, ...parameters: readonly SqlValue[]): number {
    return changeCount(this.#statements.of(statement), ...parameters);
  }
}
