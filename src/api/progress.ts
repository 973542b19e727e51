/** The progress of a long operation. */
export interface Progress {
  readonly done: number;
  /** Null if the number is not known in advance. */
  readonly total: number | null;
}

/** Options of a long operation. If `signal` aborts, the operation rejects with `aborted`; its `done` is the number of finished items. */
export interface ProgressOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}
