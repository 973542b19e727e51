/** The progress of a long operation. */
export interface Progress {
  readonly done: number;
  /** Null if the number is not known in advance. */
  readonly total: number | null;
}

/** Options of a long operation. When `signal` stops it, it rejects with `aborted`, which tells how much is done. */
export interface ProgressOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}
