import { and, type Engine, type FilterOf, type PublicationEntry, where } from "oncecode";
import { EXTENDING, OWN } from "./campaigns.ts";
import { count } from "./layout.ts";
import type { Tally } from "./tally.ts";

/** One question to the lists: as a host would write it, how many publications answer it, and a few of them. */
export interface Listed {
  readonly asked: string;
  readonly count: number;
  readonly sample: readonly PublicationEntry[];
}

type Filter = FilterOf<"publications">;
interface Question {
  readonly asked: string;
  readonly filter: Filter;
}

/** Of the demo's own campaigns, in case the database has others. */
const ours: Filter = where("campaign").in([OWN, EXTENDING]);

const prefixOf = (channel: string): string => /^[^_]+_/.exec(channel)?.[0] ?? channel;

/** What to ask about a run, from what happened in it. */
const questionsOn = ({ acknowledged, refused }: Tally): readonly Question[] => {
  const [first] = acknowledged;
  const last = refused.at(-1);
  const prefix = prefixOf(String(first?.order.request.channel ?? ""));
  return [
    { asked: `where("channel").startsWith("${prefix}")`, filter: where("channel").startsWith(prefix) },
    ...(last === undefined
      ? []
      : [{ asked: `where("failureCode").is("${last.code}")`, filter: where("failureCode").is(last.code) }]),
    {
      asked: `and(where("metadata.tier").is("gold"), where("result").is("SUCCESS"))`,
      filter: and(where("metadata.tier").is("gold"), where("result").is("SUCCESS")),
    },
  ];
};

const answerTo = async (engine: Engine, { asked, filter }: Question): Promise<Listed> => {
  const page = await engine.publications.list({ filters: and(ours, filter), limit: 2 });
  return { asked, count: await page.total(), sample: page.data };
};

const newest = async (engine: Engine): Promise<Listed> => {
  const page = await engine.publications.list({ filters: ours, order: "-createdAt", limit: 3 });
  return { asked: 'order: "-createdAt"', count: await page.total(), sample: page.data };
};

/** What two customers have, all of it, without thinking of pages. */
const ofTwo = async (engine: Engine, { acknowledged }: Tally): Promise<Listed> => {
  const customers = [...new Set(acknowledged.map(({ customerId }) => customerId))].slice(0, 2);
  const found: PublicationEntry[] = [];
  const filters = and(ours, where("customerId").in(customers));
  for await (const entry of engine.publications.iterate({ filters })) found.push(entry);
  return { asked: 'where("customerId").in([…]), two of them', count: found.length, sample: found.slice(0, 2) };
};

/** Every page from the first to the last, and whether each publication that is counted was on one of them, and one only. */
const everyPage = async (engine: Engine, signal: AbortSignal): Promise<Listed> => {
  const seen: string[] = [];
  let pages = 0;
  for (let cursor: string | null = null; cursor !== null || pages === 0; ) {
    signal.throwIfAborted();
    const page = await engine.publications.list({ filters: ours, order: "createdAt", limit: 100, cursor });
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next;
    pages += 1;
  }
  const all = await engine.publications.count({ filters: ours });
  const once = seen.length === all && new Set(seen).size === all;
  const asked = `by cursor, ${count(pages, "page")} of up to 100, ${once ? "" : "not "}each publication once`;
  return { asked, count: all, sample: [] };
};

export const listAll = async (engine: Engine, tally: Tally, signal: AbortSignal): Promise<readonly Listed[]> => [
  await newest(engine),
  ...(await Promise.all(questionsOn(tally).map((question) => answerTo(engine, question)))),
  await ofTwo(engine, tally),
  await everyPage(engine, signal),
];
