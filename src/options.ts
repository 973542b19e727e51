import type { MetadataSchemas } from "./domain/metadata-schema.ts";
import type { Repository } from "./repository.ts";

/** Of what a fresh id is: its prefix says so. */
export type IdPrefix = "pub_" | "v_" | "camp_" | "cust_";

/** A code is easier to guess than one try in 2^40. */
export interface GuessableCodesWarning {
  readonly code: "guessable_codes";
  readonly message: string;
  readonly campaign: string | null;
  /** Bits of work per hit: log2 of all possible codes, less log2 of the live ones. */
  readonly bits: number;
}

/** What the host decides. Only the repository must be given; all else has a safe default. */
export interface EngineOptions<R extends Repository = Repository> {
  readonly repository: R;
  /** Most vouchers in one publication; 50 unless given. */
  readonly publicationMax?: number;
  /** What a used source id does: `replay` gives the same request its publication again, `reject` never does. */
  readonly sourceIdMode?: "replay" | "reject";
  /** Puts failed attempts on record; true unless given. */
  readonly recordFailures?: boolean;
  /**
   * An AUTO_UPDATE campaign whose pool is dry makes the vouchers that are missing. With `extendBy` it makes so many more
   * that this many are had, with those that are published at once: fewer extensions when codes run out often.
   */
  readonly extendBy?: number;
  /** What metadata must look like, per kind of record; anything unless given. */
  readonly metadataSchemas?: MetadataSchemas;
  /** What to do about codes that are too easy to guess: call this. Throwing in it is a bug of the host's. */
  readonly onWarning?: (warning: GuessableCodesWarning) => void;
  /** Refuses codes that are too easy to guess; false unless given. */
  readonly refuseGuessable?: boolean;

  /** The time. Stored with milliseconds. */
  readonly clock?: () => Date;
  /** Unpredictable bytes, as many as asked; `node:crypto` unless given. */
  readonly randomBytes?: (size: number) => Uint8Array;
  /** A fresh id that starts with `prefix`. Unless given, ids sort roughly by the time they were made. */
  readonly nextId?: (prefix: IdPrefix) => string;
  /** How calls wait for others to share a commit with: to the end of the event loop's turn, once, unless given. */
  readonly gather?: () => Promise<void>;
  /** Commits under way at once; what the repository says unless given. */
  readonly lanes?: number;
  /** Most publications in one commit; what the repository says unless given. */
  readonly batchMax?: number;
}
