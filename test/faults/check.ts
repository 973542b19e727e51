import { emptyAnswers } from "./check-answers.ts";
import { conserved, unique, whole } from "./check-stored.ts";
import { acknowledged, once, replayed, resolved, withoutPhantoms } from "./check-told.ts";
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
  readonly what: string;
}

/** Every call came back in bounded time, and nothing is left behind. */
const live = ({ attempts, rest, bound }: History): readonly string[] => [
  ...attempts.flatMap(({ name, end, askedAt, isKilled }) => {
    if (end === null) return isKilled ? [] : [`${name} was never answered`];
    return end.at - askedAt > bound ? [`${name} was answered after ${end.at - askedAt} ms`] : [];
  }),
  ...(rest.left > 0 ? [`${rest.left} connections, transactions or locks are left`] : []),
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
  ["EMPTY", emptyAnswers],
  ["LIVE", live],
];

/** Everything that went against a promise, in no more than n log n steps. */
export const violationsIn = (history: History): readonly Violation[] =>
  RULES.flatMap(([rule, violations]) => violations(history).map((what) => ({ rule, what })));
