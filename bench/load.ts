import { setTimeout } from "node:timers/promises";
import type { Request, Subject, Target } from "./subjects/subject.ts";

/** Makes the next request. */
export type NextRequest = () => Request;

/** The subject, the number of callers, and the end of a load. */
export interface ClosedLoad {
  readonly subject: Subject;
  readonly target: Target;
  readonly requests: NextRequest;
  readonly callers: number;
  readonly seconds: number;
  /** The largest number of publications. */
  readonly publicationsMax: number;
}

let customerCount = 0;
let orderCount = 0;

/** There are 5000 customers, so that a customer comes back after 5000 requests. */
export const customerAt = (i: number): string => `customer-${i % 5000}`;

/** New orders of returning customers, with `count` codes each. */
export const newOrders =
  (count: number = 1, hasKey: boolean = true): NextRequest =>
  () => ({
    customer: customerAt(customerCount++),
    sourceId: hasKey ? `order-${orderCount++}` : null,
    count,
    code: null,
  });

/** Checks the number of different codes. For a single code there is nothing to check, and no set to allocate. */
const checkCodeCounts = (
  { mayRepeatCodes }: Subject,
  codesPerRequest: readonly (readonly string[])[],
  request: Request,
): void => {
  for (const codes of codesPerRequest)
    if (
      !mayRepeatCodes &&
      (codes.length !== request.count || (codes.length > 1 && new Set(codes).size !== codes.length))
    )
      throw new Error(`${request.count} codes were asked for, and ${codes.length} came`);
};

/**
 * A closed load: each caller waits for its answer before its next request. A subject that takes batches counts as one caller
 * per request of the batch. Returns publications per second.
 */
export const runClosedLoad = async ({
  subject,
  target,
  requests,
  callers,
  seconds,
  publicationsMax,
}: ClosedLoad): Promise<number> => {
  const { batchSize } = subject;
  const start = performance.now();
  const deadline = start + seconds * 1000;
  let [started, done] = [0, 0];
  const errors: unknown[] = [];
  const publishBatch = async (): Promise<void> => {
    const batch = batchSize === 1 ? [requests()] : Array.from({ length: batchSize }, requests);
    const codesPerRequest = await target.publish(batch);
    const [first] = batch;
    if (first !== undefined) checkCodeCounts(subject, codesPerRequest, first);
    done += codesPerRequest.length;
  };
  // After a failure all callers stop. Otherwise they would disturb the next measurement.
  const runCaller = async (): Promise<void> => {
    while (performance.now() < deadline && started + batchSize <= publicationsMax && errors.length === 0) {
      started += batchSize;
      await publishBatch().catch((thrown) => errors.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(callers / batchSize)) }, runCaller));
  if (errors.length > 0) throw errors[0];
  if (done === 0) throw new Error(`${subject.name} was to publish ${publicationsMax} at most, and published nothing`);
  return (done * 1000) / (performance.now() - start);
};

/**
 * An open load: requests come at a fixed rate, even if earlier ones have no answer yet. Returns the milliseconds from the
 * time at which each request was due. So a stall counts for all requests that were due meanwhile.
 */
export const runOpenLoad = async (
  target: Target,
  requests: NextRequest,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> => {
  const count = Math.floor(perSecond * seconds);
  if (count === 0) throw new Error(`Nothing is due within ${seconds} s at ${perSecond} a second`);
  const latencies: number[] = [];
  const errors: unknown[] = [];
  const start = performance.now();
  const dueAt = (i: number): number => start + (i * 1000) / perSecond;
  const send = async (i: number): Promise<void> => {
    try {
      await target.publish([requests()]);
      latencies.push(performance.now() - dueAt(i));
    } catch (thrown) {
      errors.push(thrown);
    }
  };
  const publications: Promise<void>[] = [];
  while (publications.length < count && errors.length === 0) {
    while (publications.length < count && dueAt(publications.length) <= performance.now())
      publications.push(send(publications.length));
    await setTimeout(Math.max(0, dueAt(publications.length) - performance.now()));
  }
  await Promise.all(publications);
  if (errors.length > 0) throw errors[0];
  return latencies.toSorted((a, b) => a - b);
};

export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
