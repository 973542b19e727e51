import { type Code, type Draft, type FailedDraft, hasExpired, type Publications, type Settlement } from "oncecode";
import type { Database } from "./database.ts";
import type { Decision } from "./decision.ts";
import type { ServerDialect } from "./dialect.ts";
import { fastPath } from "./fast-path.ts";
import { DraftPlanner, FailurePlanner } from "./planner.ts";
import type { PortCall } from "./retries.ts";
import { type PendingItems, SettleCall, type SettleStrategy } from "./settle-call.ts";
import {
  extendWalks,
  mergeSnapshots,
  requestForDrafts,
  requestForFailures,
  requestMore,
  type Snapshot,
  type SnapshotRequest,
} from "./snapshot.ts";

type NumberedDrafts = readonly (readonly [n: number, draft: Draft])[];

/** The factor by which a walk grows each time it has found too few vouchers. */
const WALK_GROWTH = 4;

const freshCodes = (drafts: NumberedDrafts): readonly Code[] =>
  drafts.flatMap(([, { selection }]) => (selection.type === "campaign" ? selection.fresh.map(({ code }) => code) : []));

const decideAll = (pending: PendingItems<Draft>, planner: DraftPlanner): ReadonlyMap<number, Decision<Settlement>> =>
  new Map([...pending].map(([n, draft]) => [n, planner.decide(n, draft)]));

const draftStrategy = (database: Database, dialect: ServerDialect): SettleStrategy<Draft, Settlement> => {
  const loadSnapshot = (request: SnapshotRequest): Promise<Snapshot> =>
    database.read((session) => dialect.loadSnapshot(session, request));

  /** Sets the expired vouchers of a walk aside, so that later draws do not visit them again. */
  const setAsideExpired = async (drafts: NumberedDrafts, snapshot: Snapshot): Promise<void> => {
    for (const [, { selection, now }] of drafts) {
      if (selection.type === "voucher") continue;
      const { campaignId } = selection;
      const candidates = snapshot.walks.get(campaignId)?.candidates ?? [];
      if (!candidates.some((voucher) => hasExpired(voucher, now))) continue;
      return database.cleanUp((session) => dialect.setAsideExpired(session, { campaignId, now }));
    }
  };

  return {
    fastPath: fastPath(database, dialect),
    /** Decides on all drafts. Loads more into the snapshot while the snapshot shows too little. */
    decide: async (pending, contendedIds) => {
      const request = requestForDrafts(pending);
      let snapshot = await loadSnapshot(request);
      const draftsWithLoadedCodes = new Set<number>();
      for (;;) {
        const decisions = decideAll(pending, new DraftPlanner(snapshot, contendedIds, draftsWithLoadedCodes));
        const undecided = [...pending].filter(([n]) => decisions.get(n)?.type === "load-more");
        if (undecided.length === 0) return decisions;
        await setAsideExpired(undecided, snapshot);
        const drafts = undecided.map(([, draft]) => draft);
        const extendedWalks = extendWalks(request.walks, snapshot.walks, drafts, WALK_GROWTH);
        snapshot = mergeSnapshots(
          snapshot,
          await loadSnapshot(requestMore(drafts, extendedWalks, freshCodes(undecided))),
        );
        for (const [n] of undecided) draftsWithLoadedCodes.add(n);
      }
    },
    toAnswer: ({ publication }, vouchers) => {
      if (publication.result === "FAILURE") throw new Error("A draft became a failure: this is a bug in oncecode");
      return { type: "published", publication, vouchers };
    },
  };
};

const failureStrategy = (
  database: Database,
  dialect: ServerDialect,
): SettleStrategy<FailedDraft, "recorded" | "stale"> => ({
  fastPath: async () => new Map(),
  decide: async (pending) => {
    const snapshot = await database.read((session) =>
      dialect.loadSnapshot(session, requestForFailures([...pending.values()])),
    );
    const planner = new FailurePlanner(snapshot);
    return new Map([...pending].map(([n, failure]) => [n, planner.decide(n, failure)]));
  },
  toAnswer: () => "recorded",
});

export const publicationsOn = (database: Database, dialect: ServerDialect, portCall: PortCall): Publications => {
  const strategies = { settle: draftStrategy(database, dialect), record: failureStrategy(database, dialect) };
  return {
    settle: (drafts) => {
      const call = new SettleCall(database, dialect, drafts, strategies.settle);
      return portCall(
        () => call.run(),
        () => call.hasWritten,
      );
    },
    record: (failures) => {
      const call = new SettleCall(database, dialect, failures, strategies.record);
      return portCall(
        () => call.run(),
        () => call.hasWritten,
      );
    },
  };
};
