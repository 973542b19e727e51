import { repeated } from "./check-stored.ts";
import type { Attempt, History } from "./history.ts";

interface Acknowledged {
  readonly id: string;
  readonly codes: readonly string[];
  readonly attempt: Attempt;
}

const acknowledgedIn = (attempts: readonly Attempt[]): readonly Acknowledged[] =>
  attempts.flatMap((attempt) =>
    attempt.outcome?.type === "given" ? [{ id: attempt.outcome.id, codes: attempt.outcome.codes, attempt }] : [],
  );

/** Whatever somebody was told of is there, as they were told. */
export const acknowledged = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map((publication) => [publication.id, publication]));
  return acknowledgedIn(attempts).flatMap(({ id, codes, attempt: { name, request } }) => {
    const found = byId.get(id);
    if (found === undefined) return [`${id} was given to ${name}, and is not there`];
    const isSame = found.codes.join() === codes.join() && found.customer === request.customer;
    return isSame ? [] : [`${id} was given to ${name} as ${codes.join()}, and is ${found.codes.join()}`];
  });
};

/** Whatever is there was asked for by an attempt that was told so, or that was not told the contrary. */
export const withoutPhantoms = ({ attempts, stored }: History): readonly string[] => {
  const byName = new Map(attempts.map((attempt) => [attempt.name, attempt]));
  const explains = ({ outcome, isKilled }: Attempt, id: string): boolean => {
    if (outcome === null) return isKilled;
    return outcome.type !== "refused" && outcome.id === id;
  };
  return [
    ...stored.publications.flatMap(({ id, attempt }) => {
      const foundAttempt = byName.get(attempt);
      if (foundAttempt !== undefined && explains(foundAttempt, id)) return [];
      return [`${id} is there, though ${attempt} was told ${JSON.stringify(foundAttempt?.outcome ?? null)}`];
    }),
    ...repeated(stored.publications.map(({ attempt }) => attempt)).map((name) => `${name} was published twice`),
  ];
};

const conflictingIds = (groups: Iterable<readonly [string, readonly string[]]>): readonly string[] =>
  [...groups].flatMap(([name, ids]) => {
    const distinct = new Set(ids);
    return distinct.size > 1 ? [`${name} has ${[...distinct].join(" and ")}`] : [];
  });

const groupByName = (
  named: readonly (readonly [name: string | null, id: string])[],
): Map<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const [name, id] of named)
    if (name !== null) {
      const ids = groups.get(name);
      if (ids === undefined) groups.set(name, [id]);
      else ids.push(id);
    }
  return groups;
};

/** Repeats of what somebody had been told of before, that were refused by more than a store that failed. */
const refusedRepeats = (attempts: readonly Attempt[]): readonly string[] => {
  const acknowledgedAt = new Map<string, number>();
  for (const { request, outcome } of attempts)
    if (outcome?.type === "given" && request.sourceId !== null)
      acknowledgedAt.set(request.sourceId, Math.min(outcome.at, acknowledgedAt.get(request.sourceId) ?? outcome.at));
  return attempts.flatMap(({ name, request: { sourceId }, startedAt, outcome }) => {
    if (outcome?.type !== "refused" || outcome.code === "storage_failed" || sourceId === null) return [];
    return startedAt > (acknowledgedAt.get(sourceId) ?? startedAt)
      ? [`${name} was refused ${sourceId}: ${outcome.code}`]
      : [];
  });
};

/** The same request has the same publication, whoever asked and how often. */
export const replayed = ({ attempts, stored }: History): readonly string[] => [
  ...conflictingIds(
    groupByName([
      ...stored.publications.map(({ sourceId, id }) => [sourceId, id] as const),
      ...acknowledgedIn(attempts).map(({ id, attempt }) => [attempt.request.sourceId, id] as const),
    ]),
  ),
  ...refusedRepeats(attempts),
];

/** A customer joins once. */
export const once = ({ attempts, stored }: History): readonly string[] =>
  conflictingIds(
    groupByName([
      ...stored.publications.map(({ campaign, customer, id }) => [campaign === "once" ? customer : null, id] as const),
      ...acknowledgedIn(attempts).map(
        ({ id, attempt: { request } }) => [request.campaign === "once" ? request.customer : null, id] as const,
      ),
    ]),
  );

/** What `resolve` said of an unknown outcome stays so. */
export const resolved = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map(({ id, codes }) => [id, codes.join()]));
  return attempts.flatMap(({ name, outcome }) => {
    if (outcome?.type !== "unknown" || outcome.resolved === undefined) return [];
    const resolvedCodes = outcome.resolved?.join();
    return resolvedCodes === byId.get(outcome.id)
      ? []
      : [`${name} was said to have ${resolvedCodes}, and has ${byId.get(outcome.id)}`];
  });
};
