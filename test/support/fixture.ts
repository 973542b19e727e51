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

/** The time in every fixture until a test sets another. */
export const NOW = "2026-03-02T09:15:04.120Z";

export const DISCOUNT = { discount: { type: "PERCENT", percentOff: 10 } } as const;

type Options = Partial<EngineOptions>;

/** An engine on an empty store. The clock stands still, and ids sort in the order of their creation. */
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

/** Creates a campaign with these codes. */
export const createCampaignWithCodes = async (
  { campaigns }: Engine,
  name: string,
  codes: readonly string[],
  more: Partial<CampaignInput> = {},
): Promise<void> => {
  await campaigns.create({ name, voucher: DISCOUNT, ...more });
  if (codes.length > 0) await campaigns.addVouchers(name, { codes });
};

/** All records of a list, read page by page. */
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

/** All publications, successful and failed, oldest first. */
export const allPublications = ({ publications }: Engine): Promise<readonly PublicationEntry[]> =>
  toArray(publications.iterate({ order: "createdAt" }));

/** The codes of all vouchers, sorted. */
export const allCodes = async ({ vouchers }: Engine): Promise<readonly string[]> =>
  (await listAll((place) => vouchers.list({ ...place, order: "code" }))).map(({ code }) => code);

/** All records of the store, as the lists of the engine return them. */
export const contents = async (engine: Engine): Promise<unknown> => ({
  campaigns: await listAll((place) => engine.campaigns.list(place)),
  vouchers: await listAll((place) => engine.vouchers.list(place)),
  customers: await listAll((place) => engine.customers.list(place)),
  publications: await allPublications(engine),
});

/** The error of a call. Fails the test if the call succeeds. */
export const errorOf = (call: Promise<unknown>): Promise<OncecodeError> =>
  call.then(
    () => expect.fail("The call succeeded"),
    (error: unknown) => (isOncecodeError(error) ? error : Promise.reject(error)),
  );

/** The result of each call, or the code of its error. */
export const outcomes = async <T>(calls: readonly Promise<T>[]): Promise<readonly (T | string)[]> =>
  Promise.all(calls.map((call) => call.catch((error: OncecodeError) => error.code)));
