import { type Engine, isOncecodeError, type PublicationSource } from "oncecode";
import { type Order, repeatOrder } from "./orders.ts";

interface OrderAttempt {
  readonly order: Order;
  readonly source: PublicationSource;
}

/** What the engine answered to one request. */
export type Answer = OrderAttempt &
  (
    | {
        readonly type: "given";
        readonly id: string;
        readonly codes: readonly string[];
        readonly customerId: string;
        readonly sourceId: string | null;
        readonly campaign: string | null;
        /** Of the run that published it. */
        readonly runId: unknown;
      }
    | { readonly type: "refused"; readonly code: string; readonly message: string }
  );

/** The store itself failed, so that going on would only fail again. */
const isFatal = (code: string): boolean => code === "storage_failed" || code === "outcome_unknown";

const sendRequest = async (engine: Engine, order: Order, source: PublicationSource): Promise<Answer> => {
  try {
    const { id, codes, customerId, sourceId, campaign, metadata } = await engine.publications.create({
      ...order.request,
      ...source,
    });
    return { type: "given", order, source, id, codes, customerId, sourceId, campaign, runId: metadata.run };
  } catch (error) {
    if (!isOncecodeError(error) || isFatal(error.code)) throw error;
    return { type: "refused", order, source, code: error.code, message: error.message };
  }
};

/** Asks one source after the other, until one gives. */
async function* requestUntilAccepted(engine: Engine, order: Order): AsyncGenerator<Answer> {
  for (const source of order.sources) {
    const duplicate = order.client === "impatient" ? [repeatOrder(order, source)] : [];
    const answers = await Promise.all([order, ...duplicate].map((one) => sendRequest(engine, one, source)));
    yield* answers;
    if (answers.some(({ type }) => type === "given")) return;
  }
}

/** The requests whose answers were lost, to be made again. */
export const ordersToRepeat = (answers: readonly Answer[]): readonly Order[] =>
  answers.flatMap(({ type, order, source }) =>
    type === "given" && order.client === "forgetful" ? [repeatOrder(order, source)] : [],
  );

export interface CallerOptions {
  /** How many ask at once. */
  readonly callers: number;
  readonly signal: AbortSignal;
  /** Told how many customers are done, each time that one is. */
  readonly onDone: (done: number) => void;
}

/** So many callers take orders off one queue, each waiting for its own answers: that they share commits is the engine's. */
export const publishOrders = async (
  engine: Engine,
  orders: readonly Order[],
  { callers, signal, onDone }: CallerOptions,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const queue = orders.values();
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  let done = 0;

  const caller = async (): Promise<void> => {
    for (const order of queue) {
      if (stop.aborted) return;
      for await (const answer of requestUntilAccepted(engine, order)) answers.push(answer);
      done += 1;
      onDone(done);
    }
  };
  const callerRuns = Array.from({ length: callers }, async () => {
    try {
      await caller();
    } catch (error) {
      failure.abort();
      throw error;
    }
  });
  const results = await Promise.allSettled(callerRuns);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return answers;
};
