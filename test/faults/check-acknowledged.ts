import { repeated } from "./check-stored.ts";
import type { Attempt, History } from "./history.ts";

interface Acknowledged {
  readonly id: string;
  readonly codes: readonly string[];
  readonly attempt: Attempt;
}

const acknowledgedIn = (attempts: readonly Attempt[]): readonly Acknowledged[] =>
  attempts.flatMap((attempt) =>
    attempt.outcome?.type === "acknowledged" ? [{ id: attempt.outcome.id, codes: attempt.outcome.codes, attempt }] : [],
  );

/** Each confirmed publication is stored, with the confirmed codes. */
export const acknowledged = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map((publication) => [publication.id, publication]));
  return acknowledgedIn(attempts).flatMap(({ id, codes, attempt: { name, request } }) => {
    const publication = byId.get(id);
    if (publication === undefined) return [`${id} was confirmed to ${name}, and is not stored`];
    const isSame = publication.codes.join() === codes.join() && publication.customer === request.customer;
    return isSame
      ? []
      : [`${id} was confirmed to ${name} with ${codes.join()}, and is stored with ${publication.codes.join()}`];
  });
};

/** Each stored publication belongs to an attempt that was confirmed, or whose answer was lost. */
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
      return [
        `${id} is stored, although the answer to ${attempt} was ${JSON.stringify(foundAttempt?.outcome ?? null)}`,
      ];
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
  pairs: readonly (readonly [name: string | null, id: string])[],
): Map<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const [name, id] of pairs)
    if (name !== null) {
      const ids = groups.get(name);
      if (ids === undefined) groups.set(name, [id]);
      else ids.push(id);
    }
  return groups;
};

/** Repeats of confirmed requests that were refused for another reason than a failed store. */
const refusedRepeats = (attempts: readonly Attempt[]): readonly string[] => {
  const acknowledgedAt = new Map<string, number>();
  for (const { request, outcome } of attempts)
    if (outcome?.type === "acknowledged" && request.sourceId !== null)
      acknowledgedAt.set(request.sourceId, Math.min(outcome.at, acknowledgedAt.get(request.sourceId) ?? outcome.at));
  return attempts.flatMap(({ name, request: { sourceId }, startedAt, outcome }) => {
    if (outcome?.type !== "refused" || outcome.code === "storage_failed" || sourceId === null) return [];
    return startedAt > (acknowledgedAt.get(sourceId) ?? startedAt)
      ? [`${name} was refused ${sourceId}: ${outcome.code}`]
      : [];
  });
};

/** Equal requests have the same publication, from any worker and any number of times. */
export const replayed = ({ attempts, stored }: History): readonly string[] => [
  ...conflictingIds(
    groupByName([
      ...stored.publications.map(({ sourceId, id }) => [sourceId, id] as const),
      ...acknowledgedIn(attempts).map(({ id, attempt }) => [attempt.request.sourceId, id] as const),
    ]),
  ),
  ...refusedRepeats(attempts),
];

/** A customer has one publication of a campaign with `joinOnce`. */
export const once = ({ attempts, stored }: History): readonly string[] =>
  conflictingIds(
    groupByName([
      ...stored.publications.map(({ campaign, customer, id }) => [campaign === "once" ? customer : null, id] as const),
      ...acknowledgedIn(attempts).map(
        ({ id, attempt: { request } }) => [request.campaign === "once" ? request.customer : null, id] as const,
      ),
    ]),
  );

/** The result of `resolve` for an unknown outcome is still true at the end. */
export const resolved = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map(({ id, codes }) => [id, codes.join()]));
  return attempts.flatMap(({ name, outcome }) => {
    if (outcome?.type !== "unknown" || outcome.resolved === undefined) return [];
    const resolvedCodes = outcome.resolved?.join();
    return resolvedCodes === byId.get(outcome.id)
      ? []
      : [`${name} was resolved as ${resolvedCodes}, and has ${byId.get(outcome.id)}`];
  });
};
