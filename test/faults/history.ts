/** A request of a worker. */
export interface Request {
  /** The campaign, or the campaign of the named voucher. */
  readonly campaign: CampaignName;
  /** The named voucher, or null. */
  readonly voucher: string | null;
  readonly count: number;
  /** The customer's source id. */
  readonly customer: string;
  readonly sourceId: string | null;
}

export type CampaignName = "hot" | "growing" | "once" | "named";

/** The answer to a worker, with its time. */
export type AttemptOutcome =
  | { readonly type: "acknowledged"; readonly at: number; readonly id: string; readonly codes: readonly string[] }
  | { readonly type: "refused"; readonly at: number; readonly code: string }
  | {
      readonly type: "unknown";
      readonly at: number;
      readonly id: string;
      /** The later result of `resolve`: the codes, or null for not published. Undefined if `resolve` failed. */
      readonly resolved?: readonly string[] | null;
    };

/** One call of `publications.create`. Its id is in the metadata, so that each publication names its attempt. */
export interface Attempt {
  readonly name: string;
  readonly request: Request;
  readonly startedAt: number;
  /** Null if the worker got no answer. */
  readonly outcome: AttemptOutcome | null;
  /** Whether its worker was killed. Then a missing answer means nothing. */
  readonly isKilled: boolean;
}

export interface StoredPublication {
  readonly id: string;
  readonly attempt: string;
  readonly customer: string | null;
  readonly sourceId: string | null;
  readonly campaign: string | null;
  readonly codes: readonly string[];
  readonly voucherIds: readonly string[];
}

interface StoredVoucher {
  readonly id: string;
  readonly code: string;
  readonly campaign: string | null;
  readonly publicationId: string | null;
}

/** The rows after all workers have stopped. Publications are successes only. */
export interface StoredRows {
  readonly publications: readonly StoredPublication[];
  readonly vouchers: readonly StoredVoucher[];
  readonly claims: readonly { readonly voucherId: string; readonly code: string; readonly publicationId: string }[];
  /** The owner of each key. */
  readonly keyOwners: readonly string[];
}

/** The data through the port, and the open resources of the server. */
export interface FinalState {
  readonly successes: number;
  readonly pools: Readonly<Record<string, { readonly total: number; readonly published: number }>>;
  /** Connections, transactions and locks, except those of the query itself. */
  readonly openResources: number;
}

export interface History {
  readonly attempts: readonly Attempt[];
  /** The number of vouchers of each campaign at the start. */
  readonly supply: Readonly<Record<CampaignName, number>>;
  readonly stored: StoredRows;
  readonly finalState: FinalState;
  /** The longest allowed duration of a call, in milliseconds. */
  readonly callDurationMax: number;
}
