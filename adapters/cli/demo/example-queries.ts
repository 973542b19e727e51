import { and, type Engine, type FilterOf, type PublicationEntry, where } from "oncecode";
import { formatCount } from "../layout.ts";
import { MERCHANT_CAMPAIGN, SELF_EXTENDING_CAMPAIGN } from "./campaigns.ts";
import type { Tally } from "./tally.ts";

/** A query as a host would write it, the number of its results, and the first of them. */
export interface QueryResult {
  readonly queryText: string;
  readonly count: number;
  readonly sample: readonly PublicationEntry[];
}

type Filter = FilterOf<"publications">;
interface ExampleQuery {
  readonly queryText: string;
  readonly filter: Filter;
}

/** Only the campaigns of the demo: the database may have others. */
const inDemoCampaigns: Filter = where("campaign").in([MERCHANT_CAMPAIGN, SELF_EXTENDING_CAMPAIGN]);

const prefixOf = (channel: string): string => /^[^_]+_/.exec(channel)?.[0] ?? channel;

/** Queries with results, chosen by what happened in the run. */
const exampleQueries = ({ acknowledged, refused }: Tally): readonly ExampleQuery[] => {
  const [first] = acknowledged;
  const last = refused.at(-1);
  const prefix = prefixOf(String(first?.order.request.channel ?? ""));
  return [
    { queryText: `where("channel").startsWith("${prefix}")`, filter: where("channel").startsWith(prefix) },
    ...(last === undefined
      ? []
      : [{ queryText: `where("failureCode").is("${last.code}")`, filter: where("failureCode").is(last.code) }]),
    {
      queryText: `and(where("metadata.tier").is("gold"), where("result").is("SUCCESS"))`,
      filter: and(where("metadata.tier").is("gold"), where("result").is("SUCCESS")),
    },
  ];
};

const runExampleQuery = async (engine: Engine, { queryText, filter }: ExampleQuery): Promise<QueryResult> => {
  const page = await engine.publications.list({ filters: and(inDemoCampaigns, filter), limit: 2 });
  return { queryText, count: await page.total(), sample: page.data };
};

const listNewest = async (engine: Engine): Promise<QueryResult> => {
  const page = await engine.publications.list({ filters: inDemoCampaigns, order: "-createdAt", limit: 3 });
  return { queryText: 'order: "-createdAt"', count: await page.total(), sample: page.data };
};

/** All publications of two customers, in one list without pages. */
const listOfTwoCustomers = async (engine: Engine, { acknowledged }: Tally): Promise<QueryResult> => {
  const customers = [...new Set(acknowledged.map(({ customerId }) => customerId))].slice(0, 2);
  const found: PublicationEntry[] = [];
  const filters = and(inDemoCampaigns, where("customerId").in(customers));
  for await (const entry of engine.publications.iterate({ filters })) found.push(entry);
  return { queryText: 'where("customerId").in([…]), two of them', count: found.length, sample: found.slice(0, 2) };
};

/** Reads all pages, and checks that each publication is on exactly one page. */
const readEveryPage = async (engine: Engine, signal: AbortSignal): Promise<QueryResult> => {
  const ids: string[] = [];
  let pages = 0;
  for (let cursor: string | null = null; cursor !== null || pages === 0; ) {
    signal.throwIfAborted();
    const page = await engine.publications.list({ filters: inDemoCampaigns, order: "createdAt", limit: 100, cursor });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next;
    pages += 1;
  }
  const all = await engine.publications.count({ filters: inDemoCampaigns });
  const isComplete = ids.length === all && new Set(ids).size === all;
  const queryText = `by cursor, ${formatCount(pages, "page")} of up to 100, ${isComplete ? "" : "not "}each publication once`;
  return { queryText, count: all, sample: [] };
};

export const runExampleQueries = async (
  engine: Engine,
  tally: Tally,
  signal: AbortSignal,
): Promise<readonly QueryResult[]> => [
  await listNewest(engine),
  ...(await Promise.all(exampleQueries(tally).map((query) => runExampleQuery(engine, query)))),
  await listOfTwoCustomers(engine, tally),
  await readEveryPage(engine, signal),
];
