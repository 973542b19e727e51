import type { CampaignId, CustomerId, Instant, Kind, PublicationId, Records, VoucherId } from "../domain/model.ts";
import type { Policy } from "../domain/publishing.ts";
import type { EngineOptions, IdPrefix } from "../options.ts";
import type { Draft, FailedDraft, Ref, Repository, Settlement } from "../repository.ts";
import { batched, type Sharing } from "./batch.ts";
import { type Random, randomFrom, timeLetters } from "./random.ts";

/** Fresh ids, each of its kind. */
interface Ids {
  publication(): PublicationId;
  voucher(): VoucherId;
  campaign(): CampaignId;
  customer(): CustomerId;
}

/** What every operation works with: the host's options with their defaults, and a store whose calls are shared. */
export interface Runtime {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly options: EngineOptions;
  readonly random: Random;
  readonly ids: Ids;
  now(): Instant;
  settle(draft: Draft): Promise<Settlement>;
  record(failure: FailedDraft): Promise<"recorded" | "stale">;
  find<K extends Kind>(kind: K, ref: Ref): Promise<Records[K] | null>;
}

const PUBLICATION_MAX = 50;

/** Letters and digits after the prefix, as the contract has them (1.5). */
const ID_LENGTH: Readonly<Record<IdPrefix, number>> = { pub_: 32, v_: 32, camp_: 24, cust_: 24 };

/** Lets everything else that waits for the event loop have its turn: other calls, timers, signals. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Most calls come within a millisecond of each other, and writing a time down takes longer than reading it. */
const instants = (clock: () => Date): (() => Instant) => {
  let [time, text] = [Number.NaN, ""];
  return () => {
    const now = clock();
    if (now.getTime() !== time) [time, text] = [now.getTime(), now.toISOString()];
    return text as Instant;
  };
};

/** By time first, so that the newest are at the end of every index. */
const idsByTime = (clock: () => Date, random: Random): ((prefix: IdPrefix) => string) => {
  let [milliseconds, time] = [Number.NaN, ""];
  return (prefix) => {
    const now = clock().getTime();
    if (now !== milliseconds) [milliseconds, time] = [now, timeLetters(now)];
    return prefix + time + random.letters(ID_LENGTH[prefix] - time.length);
  };
};

const idsFrom = (nextId: (prefix: IdPrefix) => string): Ids => ({
  publication: () => nextId("pub_") as PublicationId,
  voucher: () => nextId("v_") as VoucherId,
  campaign: () => nextId("camp_") as CampaignId,
  customer: () => nextId("cust_") as CustomerId,
});

/** What a draft claims and nobody else in the same call may. */
const namesOf = ({ publication, customer, keys, take }: Draft): readonly string[] => [
  publication.id,
  ...keys,
  ...customerNames(customer),
  ...(take.type === "voucher" ? [take.voucherId] : []),
];

const customerNames = (customer: Draft["customer"]): readonly string[] => {
  if (customer.type === "known") return [];
  const { id, sourceId } = customer.write.record;
  return sourceId === null ? [id] : [id, JSON.stringify(["customer", sourceId])];
};

const refName = (ref: Ref): string => ("id" in ref ? `id ${ref.id}` : `name ${ref.name}`);

/** Finds that wait together ask for each record once. */
const finder = <K extends Kind>(
  repository: Repository,
  kind: K,
  sharing: Omit<Sharing<Ref>, "namesOf">,
): ((ref: Ref) => Promise<Records[K] | null>) => {
  const findEach = async (refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    const names = refs.map(refName);
    const distinct = new Map(names.map((name, i) => [name, refs[i] ?? { name }]));
    const found = await repository.find(kind, [...distinct.values()]);
    const byName = new Map([...distinct.keys()].map((name, i) => [name, found[i] ?? null]));
    return names.map((name) => byName.get(name) ?? null);
  };
  return batched(findEach, { ...sharing, namesOf: () => [] });
};

export const runtimeOf = (options: EngineOptions): Runtime => {
  const { repository, clock = () => new Date(), gather = endOfTurn } = options;
  const random = randomFrom(options.randomBytes);
  const sharing = {
    lanes: options.lanes ?? repository.lanes,
    max: Math.min(options.batchMax ?? repository.batchMax, repository.batchMax),
    gather,
  };
  const finders: { readonly [K in Kind]: (ref: Ref) => Promise<Records[K] | null> } = {
    publications: finder(repository, "publications", sharing),
    vouchers: finder(repository, "vouchers", sharing),
    campaigns: finder(repository, "campaigns", sharing),
    customers: finder(repository, "customers", sharing),
  };

  return {
    repository,
    options,
    policy: {
      publicationMax: options.publicationMax ?? PUBLICATION_MAX,
      sourceIdMode: options.sourceIdMode ?? "replay",
    },
    random,
    ids: idsFrom(options.nextId ?? idsByTime(clock, random)),
    now: instants(clock),
    settle: batched((drafts: readonly Draft[]) => repository.settle(drafts), { ...sharing, namesOf }),
    record: batched((failures: readonly FailedDraft[]) => repository.record(failures), {
      ...sharing,
      namesOf: ({ publication, customer }) => [publication.id, ...customerNames(customer)],
    }),
    find: (kind, ref) => finders[kind](ref),
  };
};
