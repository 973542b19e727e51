/** A row that is not used: where it is, what kind of mistake it has, and that in words. */
export interface RefusedRow {
  readonly line: number;
  readonly kind: "malformed" | "known";
  readonly reason: string;
}

export interface ShownRefusals {
  readonly rows: readonly RefusedRow[];
  /** How many of each kind there are besides. */
  readonly more: Readonly<Record<RefusedRow["kind"], number>>;
}

/** In order of the file, and of each kind no more than a person would read. */
export const shownRefusals = (refused: readonly RefusedRow[], most: number): ShownRefusals => {
  const of = (kind: RefusedRow["kind"]): readonly RefusedRow[] => refused.filter((row) => row.kind === kind);
  const [malformed, known] = [of("malformed"), of("known")];
  return {
    rows: [...malformed.slice(0, most), ...known.slice(0, most)].toSorted((a, b) => a.line - b.line),
    more: { malformed: Math.max(0, malformed.length - most), known: Math.max(0, known.length - most) },
  };
};
