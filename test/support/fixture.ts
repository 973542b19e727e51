import {
  type CampaignInput,
  createEngine,
  type Engine,
  type EngineOptions,
  isOncecodeError,
  type OncecodeError,
  type Page,
  type PublicationEntry,
  type Repository,
} from "oncecode";
import { expect } from "vitest";
import type { Open } from "./stores.ts";

/** The time in every world, until it is set. */
export const NOW = "2026-03-02T09:15:04.120Z";

export const DISCOUNT = { discount: { type: "PERCENT", percentOff: 10 } } as const;

type Options = Partial<EngineOptions>;

/** An engine on an empty store. Its clock stands still, and its ids sort in the order they were made in. */
export interface Fixture extends Engine {
  readonly engine: Engine;
  readonly repository: Repository;
  setTime(instant: string): void;
  /** Another engine on the same store and clock, as in another process. */
  anotherEngine(options: Options): Engine;
}

export const createFixture = async (open: Open, options: Options = {}): Promise<Fixture> => {
  const repository = await open();
  let now = new Date(NOW);
  let ids = 0;
  const fixedOptions: EngineOptions = {
    repository,
    clock: () => now,
    nextId: (prefix) => prefix + String(++ids).padStart(8, "0"),
  };
  const another = (options: Options): Engine => createEngine({ ...fixedOptions, ...options });
  const engine = another(options);
  const setTime = (instant: string): void => {
    now = new Date(instant);
  };
  return { ...engine, engine, repository, setTime, anotherEngine: another };
};

/** A campaign with these codes. */
export const createCampaignWithCodes = async (
  { campaigns }: Engine,
  name: string,
  codes: readonly string[],
  more: Partial<CampaignInput> = {},
): Promise<void> => {
  await campaigns.create({ name, voucher: DISCOUNT, ...more });
  if (codes.length > 0) await campaigns.addVouchers(name, { codes });
};

/** All that a list has, page by page. */
export const listAll = async <T>(
  list: (place: { readonly cursor: string | null; readonly limit: number }) => Promise<Page<T>>,
): Promise<readonly T[]> => {
  const data: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ cursor, limit: 100 });
    data.push(...page.data);
    cursor = page.next;
  } while (cursor !== null);
  return data;
};

export const toArray = async <T>(iterable: AsyncIterable<T>): Promise<readonly T[]> => {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
};

/** What is on record, oldest first. */
export const allPublications = ({ publications }: Engine): Promise<readonly PublicationEntry[]> =>
  toArray(publications.iterate({ order: "createdAt" }));

/** All codes there are, sorted. */
export const allCodes = async ({ vouchers }: Engine): Promise<readonly string[]> =>
  (await listAll((place) => vouchers.list({ ...place, order: "code" }))).map(({ code }) => code);

/** Everything that the engine shows of its store. */
export const contents = async (engine: Engine): Promise<unknown> => ({
  campaigns: await listAll((place) => engine.campaigns.list(place)),
  vouchers: await listAll((place) => engine.vouchers.list(place)),
  customers: await listAll((place) => engine.customers.list(place)),
  publications: await allPublications(engine),
});

/** The error that a call must end with. */
export const errorOf = (call: Promise<unknown>): Promise<OncecodeError> =>
  call.then(
    () => expect.fail("It was accepted"),
    (error: unknown) => (isOncecodeError(error) ? error : Promise.reject(error)),
  );

/** How each of some concurrent calls ended: what it gave, or the code of its error. */
export const outcomes = async <T>(calls: readonly Promise<T>[]): Promise<readonly (T | string)[]> =>
  Promise.all(calls.map((call) => call.catch((error: OncecodeError) => error.code)));
