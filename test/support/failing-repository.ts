import { type Engine, type Repository, unchanged } from "oncecode";
import type { Fixture } from "./fixture.ts";
import { overrideMethods } from "./override-methods.ts";

/** The call never reaches the store, its answer is lost, or the store refuses it for certain. */
export type Fault = "before" | "after" | "refused";
export type Method = "settle" | "record" | "add" | "find" | "put" | "remove" | "page" | "count";
/** Which fault a call has, by its number from 0 on; `undefined` for a call that works. */
type FaultOfCall = (call: number) => Fault | undefined;

/** The error of every fault. */
export const CAUSE: Error = new Error("The store is out of order");

export const callWithFault = async <A>(fault: Fault | undefined, call: () => Promise<A>): Promise<A> => {
  if (fault === "refused") throw unchanged(CAUSE);
  if (fault === "before") throw CAUSE;
  const answer = await call();
  if (fault === "after") throw CAUSE;
  return answer;
};

/** A repository of which one method fails. */
export const failingRepository = (inner: Repository, method: Method, faultOf: FaultOfCall): Repository => {
  let calls = 0;
  const work = inner[method] as (...args: unknown[]) => Promise<never>;
  return overrideMethods(inner, {
    [method]: (...args: unknown[]) => callWithFault(faultOf(calls++), () => work(...args)),
  });
};

/** The first calls have these faults; the others work. */
export const firstCalls =
  (...faults: readonly Fault[]): FaultOfCall =>
  (call) =>
    faults[call];

/** Every call has this fault. */
export const everyCall =
  (fault: Fault): FaultOfCall =>
  () =>
    fault;

/** An engine on the store of the fixture, of which one method fails. */
export const failingEngine = (fixture: Fixture, method: Method, faultOf: FaultOfCall): Engine =>
  fixture.anotherEngine({ repository: failingRepository(fixture.repository, method, faultOf) });
