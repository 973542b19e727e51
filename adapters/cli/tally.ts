import type { Answer } from "./asking.ts";

type Given = Extract<Answer, { readonly type: "given" }>;

/** How often one thing was refused, and what the engine said of it, once. */
interface RefusedCount {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export interface Tally {
  /** Marks what this run published. */
  readonly run: string;
  readonly requests: number;
  /** Publications of this run, each once. */
  readonly published: readonly Given[];
  /** Answers with a publication that was there before: of the same request, or of the customer who joined before. */
  readonly replayed: { readonly bySourceId: number; readonly byJoinOnce: number };
  readonly refused: readonly RefusedCount[];
  /** Requests made twice on purpose. */
  readonly repeats: number;
  /** Customers who have a code in the end. */
  readonly served: number;
  /** Every publication that the engine told of, new or not, each once. */
  readonly acknowledged: readonly Given[];
}

const refusedCounts = (answers: readonly Answer[]): readonly RefusedCount[] => {
  const counts = new Map<string, RefusedCount>();
  for (const answer of answers) {
    if (answer.type === "given") continue;
    const { code, message } = answer;
    counts.set(code, { code, message, count: (counts.get(code)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
};

/** What came of a run. A publication that was answered several times was made once, and replayed the other times. */
export const tallyOf = (answers: readonly Answer[], run: string): Tally => {
  const given = answers.filter((answer) => answer.type === "given");
  const acknowledged = [...new Map(given.map((one) => [one.id, one])).values()];
  const published = acknowledged.filter((one) => one.run === run);
  const byJoinOnce = given.filter(({ order, sourceId }) => order.request.sourceId !== sourceId).length;
  return {
    run,
    requests: answers.length,
    repeats: answers.filter(({ order }) => order.client === "repeating").length,
    published,
    replayed: { bySourceId: given.length - published.length - byJoinOnce, byJoinOnce },
    refused: refusedCounts(answers),
    served: new Set(acknowledged.map(({ customerId }) => customerId)).size,
    acknowledged,
  };
};
