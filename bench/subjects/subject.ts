/** One publication to make. */
export interface Request {
  /** The customer, by the host's own id. Some come back. */
  readonly customer: string;
  /** The idempotency key, where the workload has one. */
  readonly sourceId: string | null;
  /** How many codes, all or none. */
  readonly count: number;
  /** This code instead of any. */
  readonly code: string | null;
}

/** What is stored once all is over. */
export interface Tally {
  /** Codes that stand in publications, counted each time they do. */
  readonly published: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** Codes that are still available. */
  readonly left: number;
}

/** A pool of codes to publish from. */
export interface SubjectOptions {
  readonly vouchers: number;
  /** Publications under way at once, at most. Who needs a connection for each opens as many. */
  readonly callersMax: number;
}

/** Somebody with a full pool, ready to publish. */
export interface Target {
  /** The codes in the pool, for workloads that name them. */
  codes(count: number): Promise<readonly string[]>;
  /** Publishes for each request: `batch` of them at a time. Gives the codes of each, durably stored. */
  publish(requests: readonly Request[]): Promise<readonly (readonly string[])[]>;
  tally(): Promise<Tally>;
  close(): Promise<void>;
}

/** For who takes one request at a time, so that there is never more than one in a call. */
export const publishOneByOne =
  (publishOne: (request: Request) => Promise<readonly string[]>): Target["publish"] =>
  async (requests) => {
    const codes: (readonly string[])[] = [];
    for (const request of requests) codes.push(await publishOne(request));
    return codes;
  };

/** Somebody who hands out codes: oncecode on some store, or what an engineer would write by hand there. */
export interface Subject {
  readonly name: string;
  /** How many requests one call takes: 1, but for those that show what sharing a commit can gain at most. */
  readonly batchSize: number;
  /** Whether it is known to give a code twice. That is then counted instead of being an error. */
  readonly mayRepeatCodes: boolean;
  /** Whether an answer takes as long as the pool is large, so that only few callers can wait for one. */
  readonly isSlow?: true;
  open(options: SubjectOptions): Promise<Target>;
}
