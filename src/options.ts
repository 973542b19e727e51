import type { MetadataSchemas } from "./domain/metadata-schema.ts";
import type { Repository } from "./repository.ts";

/** The first characters of a new id. They say which kind of record it is. */
export type IdPrefix = "pub_" | "v_" | "camp_" | "cust_";

/** A campaign's codes are too easy to guess: a blind guess hits one in fewer than 2^40 tries. */
export interface GuessableCodesWarning {
  readonly code: "guessable_codes";
  readonly message: string;
  readonly campaign: string | null;
  /** log2 of the tries per hit: log2 of all possible codes, minus log2 of the existing codes. */
  readonly bits: number;
}

/** The options of an engine. Only `repository` is required. All others have a safe default. */
export interface EngineOptions<R extends Repository = Repository> {
  readonly repository: R;
  /** The largest number of vouchers in one publication; 50 by default. */
  readonly publicationMax?: number;
  /** For a repeated source id: `replay` answers the same request with its publication, `reject` refuses every request. */
  readonly sourceIdMode?: "replay" | "reject";
  /** Stores failed publications; true by default. */
  readonly recordFailures?: boolean;
  /**
   * How many vouchers an AUTO_UPDATE campaign creates when its pool has too few, including those that it publishes at once.
   * By default it creates only the missing ones. A larger number means fewer extensions when codes run out often.
   */
  readonly extendBy?: number;
  /** Which metadata a record may have, per kind of record; any metadata by default. */
  readonly metadataSchemas?: MetadataSchemas;
  /** Called when codes are too easy to guess, unless `refuseGuessable` is true. It must not throw. */
  readonly onWarning?: (warning: GuessableCodesWarning) => void;
  /** Refuses codes that are too easy to guess; false by default. */
  readonly refuseGuessable?: boolean;

  /** The current time; the system clock by default. Records store it in milliseconds. */
  readonly clock?: () => Date;
  /** Returns `size` unpredictable bytes; `node:crypto` by default. */
  readonly randomBytes?: (size: number) => Uint8Array;
  /** Returns a new id that starts with `prefix`. Default ids sort roughly by time of creation. */
  readonly nextId?: (prefix: IdPrefix) => string;
  /**
   * Awaited before each batched call, so that other calls can join its batch. By default a read waits for one turn of the
   * event loop, and a write for the end of the tick, or of the turn while reads are running.
   */
  readonly gather?: () => Promise<void>;
  /**
   * How many calls of `settle`, of `record`, and of `find` for each kind of record the engine makes at the same time; the
   * repository's `lanes` by default.
   */
  readonly lanes?: number;
  /**
   * The largest number of items in one call of `settle`, `record` or `find`; at most the repository's `batchMax`, which is
   * the default.
   */
  readonly batchMax?: number;
}
