import type { CampaignId, CustomerId, Instant, Kind, PublicationId, Records, VoucherId } from "../domain/model.ts";
import type { Policy } from "../domain/publishing.ts";
import type { EngineOptions, IdPrefix } from "../options.ts";
import type { Directory, Draft, FailedDraft, Ref, Repository, Settlement } from "../repository.ts";
import { type BatchOptions, batchCalls } from "./batch.ts";
import { DrawCursors } from "./draw-cursors.ts";
import { encodeTime, type Random, randomFrom } from "./random.ts";

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
  readonly drawCursors: DrawCursors;
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
const sharedEndOfTurn = (): (() => Promise<void>) => {
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
const instantClock = (clock: () => Date): (() => Instant) => {
  let [time, text] = [Number.NaN, ""];
  return () => {
    const now = clock();
    if (now.getTime() !== time) [time, text] = [now.getTime(), now.toISOString()];
    return text as Instant;
  };
};

/** By time first, so that the newest are at the end of every index. */
const timeOrderedIds = (clock: () => Date, random: Random): ((prefix: IdPrefix) => string) => {
  let [milliseconds, time] = [Number.NaN, ""];
  return (prefix) => {
    const now = clock().getTime();
    if (now !== milliseconds) [milliseconds, time] = [now, encodeTime(now)];
    return prefix + time + random.alphanumeric(ID_LENGTH[prefix] - time.length);
  };
};

const idsFrom = (nextId: (prefix: IdPrefix) => string): Ids => ({
  publication: () => nextId("pub_") as PublicationId,
  voucher: () => nextId("v_") as VoucherId,
  campaign: () => nextId("camp_") as CampaignId,
  customer: () => nextId("cust_") as CustomerId,
});

/** What a draft claims and nobody else in the same call may. */
const draftConflictKeys = ({ publication, customer, keys, selection }: Draft): readonly string[] => [
  publication.id,
  ...keys,
  ...customerConflictKeys(customer),
  ...(selection.type === "voucher" ? [selection.voucherId] : []),
];

const customerConflictKeys = (customer: Draft["customer"]): readonly string[] => {
  if (customer.type === "known") return [];
  const { id, sourceId } = customer.write.record;
  return sourceId === null ? [id] : [id, JSON.stringify(["customer", sourceId])];
};

/** Finds that wait together ask for each record once. */
const batchedFinder = <K extends Kind>(
  findAll: Directory["find"],
  kind: K,
  options: Omit<BatchOptions<Ref>, "conflictKeys">,
): ((ref: Ref) => Promise<Records[K] | null>) => {
  type PendingFinds = Map<string, Promise<Records[K] | null>>;
  const [byId, byName]: [PendingFinds, PendingFinds] = [new Map(), new Map()];
  const findEach = (refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]> => {
    for (const ref of refs) "id" in ref ? byId.delete(ref.id) : byName.delete(ref.name);
    return findAll(kind, refs);
  };
  const find = batchCalls(findEach, { ...options, conflictKeys: () => [] });
  return (ref) => {
    const [pending, key] = "id" in ref ? [byId, ref.id] : [byName, ref.name];
    const pendingFind = pending.get(key);
    if (pendingFind !== undefined) return pendingFind;
    const found = find(ref);
    pending.set(key, found);
    return found;
  };
};

/** `walks`: those of the engine that it is a part of. */
export const createRuntime = (options: EngineOptions, drawCursors: DrawCursors = new DrawCursors()): Runtime => {
  const { repository, clock = () => new Date() } = options;
  const random = randomFrom(options.randomBytes);
  const limits = {
    lanes: options.lanes ?? repository.lanes,
    max: Math.min(options.batchMax ?? repository.batchMax, repository.batchMax),
  };
  let readsUnderWay = 0;
  const find: Directory["find"] = async (kind, refs) => {
    readsUnderWay += 1;
    try {
      return await repository.find(kind, refs);
    } finally {
      readsUnderWay -= 1;
    }
  };
  const readOptions = { ...limits, gather: options.gather ?? sharedEndOfTurn() };
  // Whoever writes has read before, and waited for others then: now only those can join whose answers come in this turn.
  const writeOptions = { ...limits, gather: options.gather ?? (() => (readsUnderWay > 0 ? endOfTurn() : endOfTick())) };
  const finders: { readonly [K in Kind]: (ref: Ref) => Promise<Records[K] | null> } = {
    publications: batchedFinder(find, "publications", readOptions),
    vouchers: batchedFinder(find, "vouchers", readOptions),
    campaigns: batchedFinder(find, "campaigns", readOptions),
    customers: batchedFinder(find, "customers", readOptions),
  };

  return {
    repository,
    options,
    policy: {
      publicationMax: options.publicationMax ?? PUBLICATION_MAX,
      sourceIdMode: options.sourceIdMode ?? "replay",
    },
    random,
    drawCursors,
    ids: idsFrom(options.nextId ?? timeOrderedIds(clock, random)),
    now: instantClock(clock),
    settle: batchCalls(
      (drafts: readonly Draft[]) => drawCursors.settle(drafts, (draftsAtCursors) => repository.settle(draftsAtCursors)),
      {
        ...writeOptions,
        conflictKeys: draftConflictKeys,
      },
    ),
    record: batchCalls((failures: readonly FailedDraft[]) => repository.record(failures), {
      ...writeOptions,
      conflictKeys: ({ publication, customer }) => [publication.id, ...customerConflictKeys(customer)],
    }),
    find: (kind, ref) => finders[kind](ref),
  };
};
