import { setTimeout } from "node:timers/promises";
import type { Contender, Opened, Request } from "./contenders/contender.ts";

/** Gives each request in turn. */
export type Requests = () => Request;

/** Who publishes, how many at a time, and until when. */
export interface Drive {
  readonly contender: Contender;
  readonly opened: Opened;
  readonly requests: Requests;
  readonly callers: number;
  readonly seconds: number;
  /** Publications to make at most. */
  readonly most: number;
}

let customers = 0;
let orders = 0;

/** Customers who come back after others had their turn. */
export const customerAt = (i: number): string => `customer-${i % 5000}`;

/** New orders of customers who come back, `count` codes each. */
export const ordersOf =
  (count: number = 1, hasKey: boolean = true): Requests =>
  () => ({ customer: customerAt(customers++), sourceId: hasKey ? `order-${orders++}` : null, count, code: null });

/** One code is different from all others: a set for it would be garbage that the benchmark makes. */
const distinct = ({ givesTwice }: Contender, given: readonly (readonly string[])[], request: Request): void => {
  for (const codes of given)
    if (!givesTwice && (codes.length !== request.count || (codes.length > 1 && new Set(codes).size !== codes.length)))
      throw new Error(`${request.count} codes were asked for, and ${codes.length} came`);
};

/**
 * As many callers as asked, each of which waits for its answer before it asks again. A contender that takes several
 * requests at once stands for as many callers. Gives publications per second.
 */
export const driven = async ({ contender, opened, requests, callers, seconds, most }: Drive): Promise<number> => {
  const { batch } = contender;
  const start = performance.now();
  const deadline = start + seconds * 1000;
  let [begun, done] = [0, 0];
  const failed: unknown[] = [];
  const once = async (): Promise<void> => {
    const asked = batch === 1 ? [requests()] : Array.from({ length: batch }, requests);
    const given = await opened.publish(asked);
    const [first] = asked;
    if (first !== undefined) distinct(contender, given, first);
    done += given.length;
  };
  // One who fails stops all, so that nobody goes on beside what is measured next.
  const call = async (): Promise<void> => {
    while (performance.now() < deadline && begun + batch <= most && failed.length === 0) {
      begun += batch;
      await once().catch((thrown) => failed.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(callers / batch)) }, call));
  if (failed.length > 0) throw failed[0];
  if (done === 0) throw new Error(`${contender.name} was to publish ${most} at most, and published nothing`);
  return (done * 1000) / (performance.now() - start);
};

/**
 * Requests that come at a fixed rate, whether or not those before have been answered. Gives, in milliseconds, how long
 * each took from the moment at which it was due, so that a stall counts for all who waited through it.
 */
export const arriving = async (
  opened: Opened,
  requests: Requests,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> => {
  const count = Math.floor(perSecond * seconds);
  if (count === 0) throw new Error(`Nothing is due within ${seconds} s at ${perSecond} a second`);
  const took: number[] = [];
  const failed: unknown[] = [];
  const start = performance.now();
  const dueAt = (i: number): number => start + (i * 1000) / perSecond;
  const ask = async (i: number): Promise<void> => {
    try {
      await opened.publish([requests()]);
      took.push(performance.now() - dueAt(i));
    } catch (thrown) {
      failed.push(thrown);
    }
  };
  const asked: Promise<void>[] = [];
  while (asked.length < count && failed.length === 0) {
    while (asked.length < count && dueAt(asked.length) <= performance.now()) asked.push(ask(asked.length));
    await setTimeout(Math.max(0, dueAt(asked.length) - performance.now()));
  }
  await Promise.all(asked);
  if (failed.length > 0) throw failed[0];
  return took.toSorted((a, b) => a - b);
};

export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
