import { repeated } from "./check-stored.ts";
import type { Attempt, History } from "./history.ts";

interface Told {
  readonly id: string;
  readonly codes: readonly string[];
  readonly attempt: Attempt;
}

const toldIn = (attempts: readonly Attempt[]): readonly Told[] =>
  attempts.flatMap((attempt) =>
    attempt.end?.type === "given" ? [{ id: attempt.end.id, codes: attempt.end.codes, attempt }] : [],
  );

/** Whatever somebody was told of is there, as they were told. */
export const acknowledged = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map((publication) => [publication.id, publication]));
  return toldIn(attempts).flatMap(({ id, codes, attempt: { name, request } }) => {
    const found = byId.get(id);
    if (found === undefined) return [`${id} was given to ${name}, and is not there`];
    const isSame = found.codes.join() === codes.join() && found.customer === request.customer;
    return isSame ? [] : [`${id} was given to ${name} as ${codes.join()}, and is ${found.codes.join()}`];
  });
};

/** Whatever is there was asked for by an attempt that was told so, or that was not told the contrary. */
export const withoutPhantoms = ({ attempts, stored }: History): readonly string[] => {
  const byName = new Map(attempts.map((attempt) => [attempt.name, attempt]));
  const explains = ({ end, isKilled }: Attempt, id: string): boolean => {
    if (end === null) return isKilled;
    return end.type !== "refused" && end.id === id;
  };
  return [
    ...stored.publications.flatMap(({ id, attempt }) => {
      const asked = byName.get(attempt);
      if (asked !== undefined && explains(asked, id)) return [];
      return [`${id} is there, though ${attempt} was told ${JSON.stringify(asked?.end ?? null)}`];
    }),
    ...repeated(stored.publications.map(({ attempt }) => attempt)).map((name) => `${name} was published twice`),
  ];
};

const disagreeing = (groups: Iterable<readonly [string, readonly string[]]>): readonly string[] =>
  [...groups].flatMap(([name, ids]) => {
    const distinct = new Set(ids);
    return distinct.size > 1 ? [`${name} has ${[...distinct].join(" and ")}`] : [];
  });

const grouped = (named: readonly (readonly [name: string | null, id: string])[]): Map<string, readonly string[]> => {
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
  const toldAt = new Map<string, number>();
  for (const { request, end } of attempts)
    if (end?.type === "given" && request.sourceId !== null)
      toldAt.set(request.sourceId, Math.min(end.at, toldAt.get(request.sourceId) ?? end.at));
  return attempts.flatMap(({ name, request: { sourceId }, askedAt, end }) => {
    if (end?.type !== "refused" || end.code === "storage_failed" || sourceId === null) return [];
    return askedAt > (toldAt.get(sourceId) ?? askedAt) ? [`${name} was refused ${sourceId}: ${end.code}`] : [];
  });
};

/** The same request has the same publication, whoever asked and how often. */
export const replayed = ({ attempts, stored }: History): readonly string[] => [
  ...disagreeing(
    grouped([
      ...stored.publications.map(({ sourceId, id }) => [sourceId, id] as const),
      ...toldIn(attempts).map(({ id, attempt }) => [attempt.request.sourceId, id] as const),
    ]),
  ),
  ...refusedRepeats(attempts),
];

/** A customer joins once. */
export const once = ({ attempts, stored }: History): readonly string[] =>
  disagreeing(
    grouped([
      ...stored.publications.map(({ campaign, customer, id }) => [campaign === "once" ? customer : null, id] as const),
      ...toldIn(attempts).map(
        ({ id, attempt: { request } }) => [request.campaign === "once" ? request.customer : null, id] as const,
      ),
    ]),
  );

/** What `resolve` said of an unknown outcome stays so. */
export const resolved = ({ attempts, stored }: History): readonly string[] => {
  const byId = new Map(stored.publications.map(({ id, codes }) => [id, codes.join()]));
  return attempts.flatMap(({ name, end }) => {
    if (end?.type !== "unknown" || end.resolved === undefined) return [];
    const said = end.resolved?.join();
    return said === byId.get(end.id) ? [] : [`${name} was said to have ${said}, and has ${byId.get(end.id)}`];
  });
};
