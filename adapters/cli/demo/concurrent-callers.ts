import { type Engine, isOncecodeError, type PublicationSource } from "oncecode";
import { type Order, repeatOrder } from "./orders.ts";

interface OrderAttempt {
  readonly order: Order;
  readonly source: PublicationSource;
}

/** The engine's answer to one request. */
export type Answer = OrderAttempt &
  (
    | {
        readonly type: "accepted";
        readonly id: string;
        readonly codes: readonly string[];
        readonly customerId: string;
        readonly sourceId: string | null;
        readonly campaign: string | null;
        /** The run that published it. */
        readonly runId: unknown;
      }
    | { readonly type: "refused"; readonly code: string; readonly message: string }
  );

/** The store has failed, so the next request would fail, too. */
const isFatal = (code: string): boolean => code === "storage_failed" || code === "outcome_unknown";

const sendRequest = async (engine: Engine, order: Order, source: PublicationSource): Promise<Answer> => {
  try {
    const { id, codes, customerId, sourceId, campaign, metadata } = await engine.publications.create({
      ...order.request,
      ...source,
    });
    return { type: "accepted", order, source, id, codes, customerId, sourceId, campaign, runId: metadata.run };
  } catch (error) {
    if (!isOncecodeError(error) || isFatal(error.code)) throw error;
    return { type: "refused", order, source, code: error.code, message: error.message };
  }
};

/** Requests a code from one source after the other, until one publishes. */
async function* requestUntilAccepted(engine: Engine, order: Order): AsyncGenerator<Answer> {
  for (const source of order.sources) {
    const duplicate = order.client === "concurrent-retry" ? [repeatOrder(order, source)] : [];
    const answers = await Promise.all([order, ...duplicate].map((one) => sendRequest(engine, one, source)));
    yield* answers;
    if (answers.some(({ type }) => type === "accepted")) return;
  }
}

/** The repeated orders of clients that lost the answer. */
export const ordersToRepeat = (answers: readonly Answer[]): readonly Order[] =>
  answers.flatMap(({ type, order, source }) =>
    type === "accepted" && order.client === "late-retry" ? [repeatOrder(order, source)] : [],
  );

export interface CallerOptions {
  /** The number of concurrent callers. */
  readonly callers: number;
  readonly signal: AbortSignal;
  /** Called after each order, with the number of finished orders. */
  readonly onDone: (done: number) => void;
}

/** The callers take orders from one queue, and each waits for its own answers. The engine puts their requests into shared commits. */
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
