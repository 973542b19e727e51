import type { Instant, Kind, Records } from "../domain/model.ts";
import type { Policy } from "../domain/publishing.ts";
import type { EngineOptions } from "../options.ts";
import type { Directory, Draft, FailedDraft, Ref, Repository, Settlement } from "../repository.ts";
import { type BatchOptions, batchCalls } from "./batch.ts";
import { DrawCursors } from "./draw-cursors.ts";
import { endOfTick, endOfTurn, sharedEndOfTurn } from "./event-loop.ts";
import { type Ids, idsFrom, instantClock, timeOrderedIds } from "./ids.ts";
import { type Random, randomFrom } from "./random.ts";

/** The parts that all operations share: the host's options with their defaults, and a store whose calls are batched. */
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

/** The default of the option `publicationMax`. */
const PUBLICATION_MAX = 50;

/** The conflict keys of a draft: no other draft of the same call may have one of them. */
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

/** Finds records in batches. Several callers that wait for the same record share one look-up. */
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

/** Creates the runtime. An engine inside a transaction shares the draw cursors of the engine outside. */
export const createRuntime = (options: EngineOptions, drawCursors: DrawCursors = new DrawCursors()): Runtime => {
  const { repository, clock = () => new Date() } = options;
  const random = randomFrom(options.randomBytes);
  const limits = {
    lanes: options.lanes ?? repository.lanes,
    max: Math.min(options.batchMax ?? repository.batchMax, repository.batchMax),
  };
  let runningReads = 0;
  const find: Directory["find"] = async (kind, refs) => {
    runningReads += 1;
    try {
      return await repository.find(kind, refs);
    } finally {
      runningReads -= 1;
    }
  };
  const readOptions = { ...limits, gather: options.gather ?? sharedEndOfTurn() };
  // A write follows a read, and that read has already waited for other calls. While reads are running, a write waits for the
  // end of the turn, so that the writes after those reads can join. Otherwise it waits for the end of the tick.
  const writeOptions = { ...limits, gather: options.gather ?? (() => (runningReads > 0 ? endOfTurn() : endOfTick())) };
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
