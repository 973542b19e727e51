import type { Answer } from "./concurrent-callers.ts";

type AcceptedAnswer = Extract<Answer, { readonly type: "given" }>;

/** How often one thing was refused, and what the engine said of it, once. */
interface RefusalCount {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export interface Tally {
  /** Marks what this run published. */
  readonly runId: string;
  readonly requests: number;
  /** Publications of this run, each once. */
  readonly published: readonly AcceptedAnswer[];
  /** Answers with a publication that was there before: of the same request, or of the customer who joined before. */
  readonly replayed: { readonly bySourceId: number; readonly byJoinOnce: number };
  readonly refused: readonly RefusalCount[];
  /** Requests made twice on purpose. */
  readonly repeats: number;
  /** Customers who have a code in the end. */
  readonly customersServed: number;
  /** Every publication that the engine told of, new or not, each once. */
  readonly acknowledged: readonly AcceptedAnswer[];
}

const refusalCounts = (answers: readonly Answer[]): readonly RefusalCount[] => {
  const counts = new Map<string, RefusalCount>();
  for (const answer of answers) {
    if (answer.type === "given") continue;
    const { code, message } = answer;
    counts.set(code, { code, message, count: (counts.get(code)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
};

/** What came of a run. A publication that was answered several times was made once, and replayed the other times. */
export const tallyOf = (answers: readonly Answer[], runId: string): Tally => {
  const acceptedAnswers = answers.filter((answer) => answer.type === "given");
  const acknowledged = [...new Map(acceptedAnswers.map((one) => [one.id, one])).values()];
  const published = acknowledged.filter((one) => one.runId === runId);
  const byJoinOnce = acceptedAnswers.filter(({ order, sourceId }) => order.request.sourceId !== sourceId).length;
  return {
    runId,
    requests: answers.length,
    repeats: answers.filter(({ order }) => order.client === "repeating").length,
    published,
    replayed: { bySourceId: acceptedAnswers.length - published.length - byJoinOnce, byJoinOnce },
    refused: refusalCounts(answers),
    customersServed: new Set(acknowledged.map(({ customerId }) => customerId)).size,
    acknowledged,
  };
};
