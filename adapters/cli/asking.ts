import { type Engine, isOncecodeError, type PublicationSource } from "oncecode";
import { type Order, repeated } from "./orders.ts";

interface Asked {
  readonly order: Order;
  readonly source: PublicationSource;
}

/** What the engine answered to one request. */
export type Answer = Asked &
  (
    | {
        readonly type: "given";
        readonly id: string;
        readonly codes: readonly string[];
        readonly customerId: string;
        readonly sourceId: string | null;
        readonly campaign: string | null;
        /** Of the run that published it. */
        readonly run: unknown;
      }
    | { readonly type: "refused"; readonly code: string; readonly message: string }
  );

/** The store itself failed, so that going on would only fail again. */
const isFatal = (code: string): boolean => code === "storage_failed" || code === "outcome_unknown";

const ask = async (engine: Engine, order: Order, source: PublicationSource): Promise<Answer> => {
  try {
    const { id, codes, customerId, sourceId, campaign, metadata } = await engine.publications.create({
      ...order.request,
      ...source,
    });
    return { type: "given", order, source, id, codes, customerId, sourceId, campaign, run: metadata.run };
  } catch (error) {
    if (!isOncecodeError(error) || isFatal(error.code)) throw error;
    return { type: "refused", order, source, code: error.code, message: error.message };
  }
};

/** Asks one source after the other, until one gives. */
async function* answersTo(engine: Engine, order: Order): AsyncGenerator<Answer> {
  for (const source of order.sources) {
    const twin = order.client === "impatient" ? [repeated(order, source)] : [];
    const answers = await Promise.all([order, ...twin].map((one) => ask(engine, one, source)));
    yield* answers;
    if (answers.some(({ type }) => type === "given")) return;
  }
}

/** The requests whose answers were lost, to be made again. */
export const lost = (answers: readonly Answer[]): readonly Order[] =>
  answers.flatMap(({ type, order, source }) =>
    type === "given" && order.client === "forgetful" ? [repeated(order, source)] : [],
  );

export interface Asking {
  /** How many ask at once. */
  readonly callers: number;
  readonly signal: AbortSignal;
  /** Told how many customers are done, each time that one is. */
  readonly onDone: (done: number) => void;
}

/** So many callers take orders off one queue, each waiting for its own answers: that they share commits is the engine's. */
export const askAll = async (
  engine: Engine,
  orders: readonly Order[],
  { callers, signal, onDone }: Asking,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const queue = orders.values();
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let done = 0;

  const caller = async (): Promise<void> => {
    for (const order of queue) {
      if (stop.aborted) return;
      for await (const answer of answersTo(engine, order)) answers.push(answer);
      done += 1;
      onDone(done);
    }
  };
  const callersLeft = Array.from({ length: callers }, async () => {
    try {
      await caller();
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const ended = await Promise.allSettled(callersLeft);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return answers;
};
