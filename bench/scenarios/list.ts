import { createEngine, type Engine, type PublicationQuery, where } from "oncecode";
import type { Comparison, Measurement } from "../comparison.ts";
import { noExtraPoints } from "../comparison.ts";
import type { PointDefinition } from "../participants.ts";
import { median } from "../results.ts";
import type { OpenStore, Store } from "../stores.ts";
import { fillPublications, LISTED_CUSTOMERS } from "./list-rows.ts";
import { powerOfTen } from "./scale-pool-size.ts";

/** A query of a list. It runs many times, with slightly different values. */
interface ListQuery {
  readonly label: string;
  /** The smallest list for which the query has results. */
  readonly rowsMin?: number;
  /** Returns the number of results. */
  run(engine: Engine, i: number): Promise<number>;
}

const pageQuery = (label: string, query: (i: number) => PublicationQuery): ListQuery => ({
  label,
  run: async ({ publications }, i) => (await publications.list(query(i))).data.length,
});

const customerFilter = (i: number) => where("customerId").is(`cust_${1 + ((i * 7919) % LISTED_CUSTOMERS)}`);

/** The number of publications on a page. */
const LIMIT = 10;
const SELECTIVE = pageQuery("first page, selective filter: one customer", (i) => ({ filters: customerFilter(i) }));
const NEWEST = pageQuery("first page, newest", () => ({}));
const COUNT: ListQuery = {
  label: "total, of what a selective filter lets through",
  run: ({ publications }, i) => publications.count({ filters: customerFilter(i) }),
};
const LIST_QUERIES: readonly ListQuery[] = [
  NEWEST,
  SELECTIVE,
  { ...pageQuery("page 1000", () => ({ page: 1000, limit: LIMIT })), rowsMin: 1000 * LIMIT },
  pageQuery("first page, oldest", () => ({ order: "createdAt" })),
  pageQuery("first page, by id", () => ({ order: "id" })),
  pageQuery("first page, by channel", () => ({ order: "channel" })),
  pageQuery("first page, unselective filter: a channel", () => ({ filters: where("channel").startsWith("chan") })),
  pageQuery("first page, metadata filter: every tenth", (i) => ({
    filters: where("metadata.tier").is(`tier-${i % 10}`),
  })),
  {
    label: "the page after a cursor",
    run: async ({ publications }) => {
      if (cursor === null) throw new Error("There is no second page");
      return (await publications.list({ cursor })).data.length;
    },
  },
  COUNT,
  { label: "total, of all", run: ({ publications }) => publications.count() },
];

let cursor: string | null = null;

const pointOf = (store: Store, { label }: ListQuery, rows: number): PointDefinition => ({
  scenario: "list",
  store: store.name,
  subject: "oncecode",
  label: `${label}, of ${powerOfTen(rows)}`,
  unit: "ms",
  at: { axis: "rows", value: rows },
});

const RUNS_MIN = 5;

const measureQuery = async (query: ListQuery, engine: Engine, seconds: number): Promise<number> => {
  const durations: number[] = [];
  for (const end = performance.now() + seconds * 1000; durations.length < RUNS_MIN || performance.now() < end; ) {
    const start = performance.now();
    const resultCount = await query.run(engine, durations.length);
    durations.push(performance.now() - start);
    if (resultCount === 0) throw new Error(`The query has no results: ${query.label}`);
  }
  return median(durations);
};

/** The cost of one page, on lists of growing length. */
export const lists = (store: Store): Comparison => ({
  scenario: "list",
  store: store.name,
  label: "pages, filters, orders and totals",
  skipReason: store.skipReason,
  prepare: async ({ sizes, seconds }) => {
    const openStores: { readonly store: OpenStore; readonly engine: Engine; readonly rows: number }[] = [];
    const close = async (): Promise<void> =>
      void (await Promise.all(openStores.map((openStore) => openStore.store.close())));
    try {
      for (const rows of sizes) {
        const one = await store.open();
        openStores.push({ store: one, engine: createEngine({ repository: one.repository }), rows });
        await fillPublications(one, rows);
      }
    } catch (thrown) {
      await close();
      throw thrown;
    }
    const measurements = openStores.flatMap(({ engine, rows }) =>
      LIST_QUERIES.filter(({ rowsMin: smallest = 0 }) => rows >= smallest).map(
        (query): Measurement => ({
          points: [pointOf(store, query, rows)],
          run: async () => {
            cursor = (await engine.publications.list({})).next;
            return [await measureQuery(query, engine, seconds / 8)];
          },
        }),
      ),
    );
    const [least = 0, ...larger] = sizes;
    return {
      measurements,
      ratioDefinitions: larger.flatMap((rows) =>
        [SELECTIVE, NEWEST].map((listing) => ({
          name: `${store.name}: ${listing.label}, ${powerOfTen(rows)} rows to ${powerOfTen(least)}`,
          dividend: pointOf(store, listing, rows),
          divisor: pointOf(store, listing, least),
          better: "less" as const,
          // A store without indexes reads all records, so there is no aim.
          aim: openStores.every((one) => one.store.sqlClient !== null) ? { atMost: 2 } : null,
        })),
      ),
      check: noExtraPoints,
      close,
    };
  },
});
