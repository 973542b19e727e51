import { createEngine, type Engine, type PublicationQuery, where } from "oncecode";
import type { Contest, Entry } from "../contest.ts";
import { nothingCounted } from "../contest.ts";
import type { Measured } from "../racing.ts";
import { median } from "../results.ts";
import type { OpenedStore, Store } from "../stores.ts";
import { short } from "./pools.ts";
import { CUSTOMERS, fillPublications } from "./publications.ts";

/** What is listed. Each is asked for again and again, a little differently each time. */
interface Listing {
  readonly what: string;
  /** Rows without which there is nothing to see. */
  readonly least?: number;
  /** Gives how many there were. */
  ask(engine: Engine, i: number): Promise<number>;
}

const first = (what: string, query: (i: number) => PublicationQuery): Listing => ({
  what,
  ask: async ({ publications }, i) => (await publications.list(query(i))).data.length,
});

const customer = (i: number) => where("customerId").is(`cust_${1 + ((i * 7919) % CUSTOMERS)}`);

/** Publications on a page. */
const LIMIT = 10;
const SELECTIVE = first("first page, selective filter: one customer", (i) => ({ filters: customer(i) }));
const NEWEST = first("first page, newest", () => ({}));
const COUNTS: Listing = {
  what: "total, of what a selective filter lets through",
  ask: ({ publications }, i) => publications.count({ filters: customer(i) }),
};
const LISTINGS: readonly Listing[] = [
  NEWEST,
  SELECTIVE,
  { ...first("page 1000", () => ({ page: 1000, limit: LIMIT })), least: 1000 * LIMIT },
  first("first page, oldest", () => ({ order: "createdAt" })),
  first("first page, by id", () => ({ order: "id" })),
  first("first page, by channel", () => ({ order: "channel" })),
  first("first page, unselective filter: a channel", () => ({ filters: where("channel").startsWith("chan") })),
  first("first page, metadata filter: every tenth", (i) => ({ filters: where("metadata.tier").is(`tier-${i % 10}`) })),
  {
    what: "the page after a cursor",
    ask: async ({ publications }) => {
      if (cursor === null) throw new Error("There is no second page");
      return (await publications.list({ cursor })).data.length;
    },
  },
  COUNTS,
  { what: "total, of all", ask: ({ publications }) => publications.count() },
];

let cursor: string | null = null;

const pointOf = (store: Store, { what }: Listing, rows: number): Measured => ({
  family: "list",
  store: store.name,
  contender: "oncecode",
  what: `${what}, of ${short(rows)}`,
  unit: "ms",
  at: { axis: "rows", value: rows },
});

const ASKED_MIN = 5;

const timed = async (listing: Listing, engine: Engine, seconds: number): Promise<number> => {
  const took: number[] = [];
  for (const end = performance.now() + seconds * 1000; took.length < ASKED_MIN || performance.now() < end; ) {
    const start = performance.now();
    const found = await listing.ask(engine, took.length);
    took.push(performance.now() - start);
    if (found === 0) throw new Error(`There is nothing on it: ${listing.what}`);
  }
  return median(took);
};

/** What one page costs, on lists of growing length. */
export const lists = (store: Store): Contest => ({
  family: "list",
  store: store.name,
  what: "pages, filters, orders and totals",
  missing: store.missing,
  open: async ({ sizes, seconds }) => {
    const opened: { readonly store: OpenedStore; readonly engine: Engine; readonly rows: number }[] = [];
    const close = async (): Promise<void> => void (await Promise.all(opened.map((one) => one.store.close())));
    try {
      for (const rows of sizes) {
        const one = await store.open();
        opened.push({ store: one, engine: createEngine({ repository: one.repository }), rows });
        await fillPublications(one, rows);
      }
    } catch (thrown) {
      await close();
      throw thrown;
    }
    const entries = opened.flatMap(({ engine, rows }) =>
      LISTINGS.filter(({ least = 0 }) => rows >= least).map(
        (listing): Entry => ({
          points: [pointOf(store, listing, rows)],
          run: async () => {
            cursor = (await engine.publications.list({})).next;
            return [await timed(listing, engine, seconds / 8)];
          },
        }),
      ),
    );
    const [least = 0, ...larger] = sizes;
    return {
      entries,
      comparisons: larger.flatMap((rows) =>
        [SELECTIVE, NEWEST].map((listing) => ({
          name: `${store.name}: ${listing.what}, ${short(rows)} rows to ${short(least)}`,
          of: pointOf(store, listing, rows),
          to: pointOf(store, listing, least),
          better: "less" as const,
          // A store without indexes goes through all there is.
          aim: opened.every((one) => one.store.shell !== null) ? { atMost: 2 } : null,
        })),
      ),
      check: nothingCounted,
      close,
    };
  },
});
