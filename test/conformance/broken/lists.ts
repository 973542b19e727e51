import {
  and,
  comparePositions,
  type Filter,
  type Kind,
  matches,
  type Position,
  positionOf,
  type Query,
  type Records,
  type Repository,
} from "oncecode";
import type { BreakRepository } from "./alter.ts";

interface ListBehavior {
  readonly isMatch?: <K extends Kind>(kind: K, filter: Filter, record: Records[K]) => boolean;
  readonly compare?: (a: Position, b: Position) => number;
}

const ALL_RECORDS = { filter: and(), by: "id", descending: false, after: null, offset: 0, limit: 100_000 } as const;

/** Gives filters or orders another meaning. */
const alterLists =
  ({ isMatch = matches, compare = comparePositions }: ListBehavior): BreakRepository =>
  (inner) => {
    const filtered = async <K extends Kind>(kind: K, filter: Filter): Promise<readonly Records[K][]> =>
      (await inner.page({ ...ALL_RECORDS, kind })).filter((record) => isMatch(kind, filter, record));
    const page = async <K extends Kind>({ kind, filter, by, descending, after, offset, limit }: Query<K>) => {
      const sign = descending ? -1 : 1;
      const positionIn = (record: Records[K]): Position => positionOf(by, record);
      return (await filtered(kind, filter))
        .filter((record) => after === null || compare(positionIn(record), after) * sign > 0)
        .toSorted((a, b) => compare(positionIn(a), positionIn(b)) * sign)
        .slice(offset, offset + limit);
    };
    const count: Repository["count"] = async (queries) =>
      (await Promise.all(queries.map(({ kind, filter }) => filtered(kind, filter)))).map(({ length }) => length);
    return { ...inner, page, count };
  };

/** Replaces every text and every number inside a value. */
const alterValues = <T>(value: T, text: (text: string) => string, number: (number: number) => unknown = (n) => n): T =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string" ? text(part) : typeof part === "number" ? number(part) : part,
  ) as T;

const alterOperands = (filter: Filter, text: (text: string) => string): Filter =>
  filter.type === "condition"
    ? { ...filter, operands: filter.operands.map((operand) => (typeof operand === "string" ? text(operand) : operand)) }
    : { ...filter, filters: filter.filters.map((part) => alterOperands(part, text)) };

const lower = (text: string): string => text.toLowerCase();
export const foldsCaseInFilters: BreakRepository = alterLists({
  isMatch: (kind, filter, record) => matches(kind, alterOperands(filter, lower), alterValues(record, lower)),
});

const trimEnd = (text: string): string => text.trimEnd();
/** A collation that ignores spaces at the end. */
export const ignoresBlanksAtTheEnd: BreakRepository = alterLists({
  isMatch: (kind, filter, record) => matches(kind, alterOperands(filter, trimEnd), alterValues(record, trimEnd)),
});

const pattern = (text: string): RegExp =>
  new RegExp(
    text
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll("%", ".*")
      .replaceAll("_", "."),
    "s",
  );
/** `LIKE` without an escape. */
export const treatsPercentAsWildcard: BreakRepository = alterLists({
  isMatch: (kind, filter, record) => {
    if (filter.type !== "condition" || filter.operator !== "contains") return matches(kind, filter, record);
    const [operand] = filter.operands;
    return typeof operand === "string" && "channel" in record && filter.attribute === "channel"
      ? pattern(operand).test(record.channel)
      : matches(kind, filter, record);
  },
});

export const comparesNumbersAsText: BreakRepository = alterLists({
  isMatch: (kind, filter, record) =>
    matches(kind, filter, { ...record, metadata: alterValues(record.metadata, (t) => t, String) }),
});

/** In SQL, `NOT (x = y)` is not true for NULL. */
export const losesUnknownsInNegations: BreakRepository = alterLists({
  isMatch: (kind, filter, record) =>
    matches(kind, filter, record) &&
    !(
      filter.type === "condition" &&
      ["isNot", "notIn", "notContain"].includes(filter.operator) &&
      matches(kind, { ...filter, operator: "isUnknown", operands: [] }, record)
    ),
});

const byValue = (a: Position, b: Position): number => comparePositions({ ...a, id: "" }, { ...b, id: "" });
export const ordersTiesAtRandom: BreakRepository = alterLists({ compare: byValue });

export const putsUnknownLast: BreakRepository = alterLists({
  compare: (a, b) => ((a.value === null) === (b.value === null) ? comparePositions(a, b) : -comparePositions(a, b)),
});

const utf16 = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const ordersByUtf16Unit: BreakRepository = alterLists({
  compare: (a, b) =>
    a.value === null || b.value === null ? comparePositions(a, b) : utf16(a.value, b.value) || utf16(a.id, b.id),
});

/** Treats a cursor as an offset. */
export const pagesByOffset: BreakRepository = (inner) => {
  const shown = new Map<string, number>();
  return {
    ...inner,
    page: async (query) => {
      const before = query.after === null ? 0 : (shown.get(query.after.id) ?? 0);
      const page = await inner.page({ ...query, after: null, offset: before + query.offset });
      for (const [i, { id }] of page.entries()) shown.set(id, before + query.offset + i + 1);
      return page;
    },
  };
};

/** Counts with one statement after another. */
export const countsOneByOne: BreakRepository = (inner) => ({
  ...inner,
  count: async (queries) => {
    const counts: number[] = [];
    for (const query of queries) counts.push(...(await inner.count([query])));
    return counts;
  },
});

/** Answers in the order of the rows. */
export const countsInItsOwnOrder: BreakRepository = (inner) => ({
  ...inner,
  count: async (queries) => (await inner.count(queries)).toSorted((a, b) => a - b),
});
