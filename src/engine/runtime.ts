import type { CampaignId, CustomerId, Instant, Kind, PublicationId, Records, VoucherId } from "../domain/model.ts";
import type { Policy } from "../domain/publishing.ts";
import type { EngineOptions, IdPrefix } from "../options.ts";
import type { Directory, Draft, FailedDraft, Ref, Repository, Settlement } from "../repository.ts";
import { batched, type Sharing } from "./batch.ts";
import { type Random, randomFrom, timeLetters } from "./random.ts";
import { Walks } from "./walks.ts";

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
  readonly walks: Walks;
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

/** The same, where all that wait in one turn wait for one end of it. */
const endsOfTurns = (): (() => Promise<void>) => {
  let end: Promise<void> | null = null;
  return () => {
    end ??= endOfTurn().then(() => {
      end = null;
    });
    return end;
  };
};

/** Lets everything go on that can before the event loop turns: others who had their answer at the same time. */
const endOfTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

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

/** Finds that wait together ask for each record once. */
const finder = <K extends Kind>(
  findAll: Directory["find"],
  kind: K,
  sharing: Omit<Sharing<Ref>, "namesOf">,
): ((ref: Ref) => Promise<Records[K] | null>) => {
  type Waiting = Map<string, Promise<Records[K] | null>>;
  const [byId, byName]: [Waiting, Waiting] = [new Map(), new Map()];
  const findEach = (refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    for (const ref of refs) "id" in ref ? byId.delete(ref.id) : byName.delete(ref.name);
    return findAll(kind, refs);
  };
  const find = batched(findEach, { ...sharing, namesOf: () => [] });
  return (ref) => {
    const [waiting, name] = "id" in ref ? [byId, ref.id] : [byName, ref.name];
    const asked = waiting.get(name);
    if (asked !== undefined) return asked;
    const found = find(ref);
    waiting.set(name, found);
    return found;
  };
};

/** `walks`: those of the engine that it is a part of. */
export const runtimeOf = (options: EngineOptions, walks: Walks = new Walks()): Runtime => {
  const { repository, clock = () => new Date() } = options;
  const random = randomFrom(options.randomBytes);
  const limits = {
    lanes: options.lanes ?? repository.lanes,
    max: Math.min(options.batchMax ?? repository.batchMax, repository.batchMax),
  };
  let reads = 0;
  const find: Directory["find"] = async (kind, refs) => {
    reads += 1;
    try {
      return await repository.find(kind, refs);
    } finally {
      reads -= 1;
    }
  };
  const reading = { ...limits, gather: options.gather ?? endsOfTurns() };
  // Whoever writes has read before, and waited for others then: now only those can join whose answers come in this turn.
  const writing = { ...limits, gather: options.gather ?? (() => (reads > 0 ? endOfTurn() : endOfTick())) };
  const finders: { readonly [K in Kind]: (ref: Ref) => Promise<Records[K] | null> } = {
    publications: finder(find, "publications", reading),
    vouchers: finder(find, "vouchers", reading),
    campaigns: finder(find, "campaigns", reading),
    customers: finder(find, "customers", reading),
  };

  return {
    repository,
    options,
    policy: {
      publicationMax: options.publicationMax ?? PUBLICATION_MAX,
      sourceIdMode: options.sourceIdMode ?? "replay",
    },
    random,
    walks,
    ids: idsFrom(options.nextId ?? idsByTime(clock, random)),
    now: instants(clock),
    settle: batched((drafts: readonly Draft[]) => walks.along(drafts, (begun) => repository.settle(begun)), {
      ...writing,
      namesOf,
    }),
    record: batched((failures: readonly FailedDraft[]) => repository.record(failures), {
      ...writing,
      namesOf: ({ publication, customer }) => [publication.id, ...customerNames(customer)],
    }),
    find: (kind, ref) => finders[kind](ref),
  };
};
