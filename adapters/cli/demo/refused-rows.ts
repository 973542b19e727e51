/** A row that was not used, with its line and the reason. */
export interface RefusedRow {
  readonly line: number;
  readonly kind: "malformed" | "existing";
  readonly reason: string;
}

type CountPerKind = Readonly<Record<RefusedRow["kind"], number>>;

export interface RefusalSample {
  readonly rows: readonly RefusedRow[];
  /** The number of further rows, by kind. */
  readonly more: CountPerKind;
}

/** The first rows of each kind, in the order of the file. A person would not read more. */
export const sampleRefusals = (refused: readonly RefusedRow[], limits: CountPerKind): RefusalSample => {
  const ofKind = (kind: RefusedRow["kind"]): readonly RefusedRow[] => refused.filter((row) => row.kind === kind);
  const [malformed, existing] = [ofKind("malformed"), ofKind("existing")];
  return {
    rows: [...malformed.slice(0, limits.malformed), ...existing.slice(0, limits.existing)].toSorted(
      (a, b) => a.line - b.line,
    ),
    more: {
      malformed: Math.max(0, malformed.length - limits.malformed),
      existing: Math.max(0, existing.length - limits.existing),
    },
  };
};

/** The result of reading a list: the number of used rows, and the refused rows. */
export interface ListReadResult {
  readonly path: string;
  readonly rows: number;
  readonly used: number;
  readonly refused: readonly RefusedRow[];
}
