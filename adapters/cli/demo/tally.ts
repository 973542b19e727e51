import type { Answer } from "./concurrent-callers.ts";

type AcceptedAnswer = Extract<Answer, { readonly type: "accepted" }>;

/** The number of refusals with one error code, and a message of one of them. */
interface RefusalCount {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export interface Tally {
  /** Marks the publications of this run. */
  readonly runId: string;
  readonly requests: number;
  /** Publications of this run, each once. */
  readonly published: readonly AcceptedAnswer[];
  /** Answers with an earlier publication: of the same source id, or of the same customer with `joinOnce`. */
  readonly replayed: { readonly bySourceId: number; readonly byJoinOnce: number };
  readonly refused: readonly RefusalCount[];
  /** The number of retries. */
  readonly repeats: number;
  /** The number of customers who have a code in the end. */
  readonly customersServed: number;
  /** Each publication that the engine confirmed, new or earlier, once. */
  readonly acknowledged: readonly AcceptedAnswer[];
}

const refusalCounts = (answers: readonly Answer[]): readonly RefusalCount[] => {
  const counts = new Map<string, RefusalCount>();
  for (const answer of answers) {
    if (answer.type === "accepted") continue;
    const { code, message } = answer;
    counts.set(code, { code, message, count: (counts.get(code)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
};

/** Sums up a run. If several answers have the same publication, one of them published it, and the others are replays. */
export const tallyOf = (answers: readonly Answer[], runId: string): Tally => {
  const acceptedAnswers = answers.filter((answer) => answer.type === "accepted");
  const acknowledged = [...new Map(acceptedAnswers.map((one) => [one.id, one])).values()];
  const published = acknowledged.filter((one) => one.runId === runId);
  const byJoinOnce = acceptedAnswers.filter(({ order, sourceId }) => order.request.sourceId !== sourceId).length;
  return {
    runId,
    requests: answers.length,
    repeats: answers.filter(({ order }) => order.client === "retry").length,
    published,
    replayed: { bySourceId: acceptedAnswers.length - published.length - byJoinOnce, byJoinOnce },
    refused: refusalCounts(answers),
    customersServed: new Set(acknowledged.map(({ customerId }) => customerId)).size,
    acknowledged,
  };
};
