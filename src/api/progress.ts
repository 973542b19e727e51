/** Options of operations that take a while. */

/** How far a long operation is. */
export interface Progress {
  readonly done: number;
  /** Null where the number is not known beforehand. */
  readonly total: number | null;
}

/** For what takes a while. Stopping by `signal` rejects with `aborted`, which says how much is done. */
export interface ProgressOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}
