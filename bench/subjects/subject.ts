/** One request to publish. */
export interface Request {
  /** The customer's source id. A customer can come back. */
  readonly customer: string;
  /** The source id of the order, or null. */
  readonly sourceId: string | null;
  /** The number of codes. A subject publishes all or none. */
  readonly count: number;
  /** The named code, or null for a random one. */
  readonly code: string | null;
}

/** The stored codes at the end. */
export interface Tally {
  /** The number of codes in publications, with repetitions. */
  readonly published: number;
  /** The number of different codes in publications. */
  readonly distinct: number;
  /** The number of unpublished codes. */
  readonly left: number;
}

/** The pool and the load of a subject. */
export interface SubjectOptions {
  readonly vouchers: number;
  /** The largest number of concurrent publications. A subject may open a connection for each. */
  readonly callersMax: number;
}

/** An open subject with a full pool. */
export interface Target {
  /** Codes of the pool, for requests that name one. */
  codes(count: number): Promise<readonly string[]>;
  /** Publishes `batchSize` requests. Returns the codes of each, when they are durably stored. */
  publish(requests: readonly Request[]): Promise<readonly (readonly string[])[]>;
  tally(): Promise<Tally>;
  close(): Promise<void>;
}

/** Makes `publish` from a function for one request. Such a subject has a batch size of 1. */
export const publishOneByOne =
  (publishOne: (request: Request) => Promise<readonly string[]>): Target["publish"] =>
  async (requests) => {
    const codes: (readonly string[])[] = [];
    for (const request of requests) codes.push(await publishOne(request));
    return codes;
  };

/** A system that publishes codes: oncecode on a store, or a baseline. */
export interface Subject {
  readonly name: string;
  /** The number of requests in a call. It is 1, except for baselines that show the largest gain of a shared commit. */
  readonly batchSize: number;
  /** Whether the subject is known to publish codes twice. Then repetitions are counted, and are no error. */
  readonly mayRepeatCodes: boolean;
  /** Whether the time of a publication grows with the pool. Then only a few callers use the subject. */
  readonly isSlow?: true;
  open(options: SubjectOptions): Promise<Target>;
}
