/** A row that is not used: where it is, what kind of mistake it has, and that in words. */
export interface RefusedRow {
  readonly line: number;
  readonly kind: "malformed" | "known";
  readonly reason: string;
}

type CountPerKind = Readonly<Record<RefusedRow["kind"], number>>;

export interface RefusalSample {
  readonly rows: readonly RefusedRow[];
  /** How many of each kind there are besides. */
  readonly more: CountPerKind;
}

/** In the order of the file, and of each kind no more than a person would read. */
export const sampleRefusals = (refused: readonly RefusedRow[], limits: CountPerKind): RefusalSample => {
  const ofKind = (kind: RefusedRow["kind"]): readonly RefusedRow[] => refused.filter((row) => row.kind === kind);
  const [malformed, known] = [ofKind("malformed"), ofKind("known")];
  return {
    rows: [...malformed.slice(0, limits.malformed), ...known.slice(0, limits.known)].toSorted(
      (a, b) => a.line - b.line,
    ),
    more: {
      malformed: Math.max(0, malformed.length - limits.malformed),
      known: Math.max(0, known.length - limits.known),
    },
  };
};

/** One list that was read: `used` of its rows, and why not the others. */
export interface ListReadResult {
  readonly path: string;
  readonly rows: number;
  readonly used: number;
  readonly refused: readonly RefusedRow[];
}
