import { acknowledged, once, replayed, resolved, withoutPhantoms } from "./check-acknowledged.ts";
import { wrongEmptyAnswers } from "./check-empty-answers.ts";
import { conserved, unique, whole } from "./check-stored.ts";
import type { History } from "./history.ts";

export type Rule =
  | "UNIQUE"
  | "CONSERVED"
  | "WHOLE"
  | "ACKNOWLEDGED"
  | "NO PHANTOM"
  | "REPLAYED"
  | "ONCE"
  | "RESOLVED"
  | "EMPTY"
  | "LIVE";

type Rules = readonly (readonly [rule: Rule, violations: (history: History) => readonly string[]])[];

export interface Violation {
  readonly rule: Rule;
  readonly description: string;
}

/** Each call ended in time, and left no connection, transaction or lock open. */
const live = ({ attempts, finalState, callDurationMax }: History): readonly string[] => [
  ...attempts.flatMap(({ name, outcome, startedAt, isKilled }) => {
    if (outcome === null) return isKilled ? [] : [`${name} was never answered`];
    return outcome.at - startedAt > callDurationMax ? [`${name} was answered after ${outcome.at - startedAt} ms`] : [];
  }),
  ...(finalState.openResources > 0 ? [`${finalState.openResources} connections, transactions or locks are left`] : []),
];

const RULES: Rules = [
  ["UNIQUE", unique],
  ["CONSERVED", conserved],
  ["WHOLE", whole],
  ["ACKNOWLEDGED", acknowledged],
  ["NO PHANTOM", withoutPhantoms],
  ["REPLAYED", replayed],
  ["ONCE", once],
  ["RESOLVED", resolved],
  ["EMPTY", wrongEmptyAnswers],
  ["LIVE", live],
];

/** All violations of promises, in O(n log n). */
export const violationsIn = (history: History): readonly Violation[] =>
  RULES.flatMap(([rule, violations]) => violations(history).map((description) => ({ rule, description })));
