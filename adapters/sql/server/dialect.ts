import type { RawBuilder } from "kysely";
import type { CampaignId, Instant, Kind } from "oncecode";
import type { PageDialect } from "../pages.ts";
import type { Rows, VoucherRow } from "../schema.ts";
import type { HostRules, Session } from "./database.ts";
import type { Claim } from "./planning.ts";
import type { Sight, Wanted } from "./sight.ts";

/** The claims that hold, by the draft's place, each with the rows of the vouchers that were there, as they are now. */
export type Claimed = ReadonlyMap<number, readonly VoucherRow[]>;

/** Where expired vouchers are to be set aside. */
interface Parking {
  readonly campaignId: CampaignId;
  readonly now: Instant;
}

/** All that one kind of server says or does in its own way. */
export interface ServerDialect extends PageDialect, HostRules {
  /** Whether a claim is one statement. */
  readonly claimsAtOnce: boolean;
  /** The text of a statement that is run over and over. */
  text(statement: RawBuilder<unknown>): string;
  /** The rows of `from` in which `column` is one of a `list`, found by its index: what comes after `select …`. */
  among(from: RawBuilder<unknown>, column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Values for `among`. */
  list(values: readonly string[]): unknown;
  /** What stands at the end of a select whose rows nobody may change before we are done. */
  readonly forShare: RawBuilder<unknown>;
  /** Looks at all of it. What is owned is looked at last, unless all is seen at one instant. */
  look(session: Session, wanted: Wanted): Promise<Sight>;
  /** Writes those claims that still hold, whole, and nothing of the others. */
  claim(session: Session, claims: readonly Claim[]): Promise<Claimed>;
  /** Inserts those rows of which no unique column has the value of another row. */
  insertFree<K extends Kind>(session: Session, kind: K, rows: readonly Rows[K][]): Promise<void>;
  /** Sets some of the expired vouchers of a campaign aside. */
  park(session: Session, parking: Parking): Promise<void>;
}
