/** What a worker asked for. */
export interface Request {
  /** The campaign, or the one that the named voucher is of. */
  readonly campaign: CampaignName;
  /** The voucher named, if one is. */
  readonly voucher: string | null;
  readonly count: number;
  /** The host's id of the customer. */
  readonly customer: string;
  readonly sourceId: string | null;
}

export type CampaignName = "hot" | "growing" | "once" | "named";

/** What a worker was told, at which time. `codes` as they were told. */
export type AttemptOutcome =
  | { readonly type: "given"; readonly at: number; readonly id: string; readonly codes: readonly string[] }
  | { readonly type: "refused"; readonly at: number; readonly code: string }
  | {
      readonly type: "unknown";
      readonly at: number;
      readonly id: string;
      /** What `resolve` said later: the codes, null for not published; undefined if it could not be had. */
      readonly resolved?: readonly string[] | null;
    };

/** One call of `publications.create`. Stored with the publication, so that each publication names its attempt. */
export interface Attempt {
  readonly name: string;
  readonly request: Request;
  readonly startedAt: number;
  /** Null if the worker was told nothing. */
  readonly outcome: AttemptOutcome | null;
  /** Whether its worker was killed, in which case no end says nothing. */
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

/** All rows that publishing writes, as they are once everything has come to rest. Of publications, the successes. */
export interface StoredRows {
  readonly publications: readonly StoredPublication[];
  readonly vouchers: readonly StoredVoucher[];
  readonly claims: readonly { readonly voucherId: string; readonly code: string; readonly publicationId: string }[];
  /** Which publication each key is owned by. */
  readonly keyOwners: readonly string[];
}

/** What the store says through its port, and what is still going on in the server. */
export interface FinalState {
  readonly successes: number;
  readonly pools: Readonly<Record<string, { readonly total: number; readonly published: number }>>;
  /** Connections, open transactions and locks of others than whoever looked. */
  readonly openResources: number;
}

export interface History {
  readonly attempts: readonly Attempt[];
  /** How many vouchers each campaign was given. */
  readonly supply: Readonly<Record<CampaignName, number>>;
  readonly stored: StoredRows;
  readonly finalState: FinalState;
  /** Milliseconds that no call may take longer than. */
  readonly callDurationMax: number;
}
