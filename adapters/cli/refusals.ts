/** A row that is not used: where it is, what kind of mistake it has, and that in words. */
export interface RefusedRow {
  readonly line: number;
  readonly kind: "malformed" | "known";
  readonly reason: string;
}

type PerKind = Readonly<Record<RefusedRow["kind"], number>>;

export interface ShownRefusals {
  readonly rows: readonly RefusedRow[];
  /** How many of each kind there are besides. */
  readonly more: PerKind;
}

/** In the order of the file, and of each kind no more than a person would read. */
export const shownRefusals = (refused: readonly RefusedRow[], most: PerKind): ShownRefusals => {
  const of = (kind: RefusedRow["kind"]): readonly RefusedRow[] => refused.filter((row) => row.kind === kind);
  const [malformed, known] = [of("malformed"), of("known")];
  return {
    rows: [...malformed.slice(0, most.malformed), ...known.slice(0, most.known)].toSorted((a, b) => a.line - b.line),
    more: {
      malformed: Math.max(0, malformed.length - most.malformed),
      known: Math.max(0, known.length - most.known),
    },
  };
};

/** One list that was read: `used` of its rows, and why not the others. */
export interface ReadList {
  readonly path: string;
  readonly rows: number;
  readonly used: number;
  readonly refused: readonly RefusedRow[];
}
