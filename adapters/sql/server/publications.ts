import { type Code, type Draft, type FailedDraft, hasExpired, type Publications, type Settlement } from "oncecode";
import type { Database } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { fastPath } from "./fast-path.ts";
import type { Plan } from "./plan.ts";
import { DraftPlanner, FailurePlanner } from "./planner.ts";
import type { PortCall } from "./retries.ts";
import { type PendingItems, SettleCall, type SettleStrategy } from "./settle-call.ts";
import {
  lengthenWalks,
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

const planAll = (pending: PendingItems<Draft>, planner: DraftPlanner): ReadonlyMap<number, Plan<Settlement>> =>
  new Map([...pending].map(([n, draft]) => [n, planner.plan(n, draft)]));

const draftStrategy = (database: Database, dialect: ServerDialect): SettleStrategy<Draft, Settlement> => {
  const loadSnapshot = (request: SnapshotRequest): Promise<Snapshot> =>
    database.read((session) => dialect.loadSnapshot(session, request));

  /**
   * Sets the expired vouchers of a walk aside, so that later draws do not visit them again. One campaign per
   * snapshot: the caller loads the snapshot again after each.
   */
  const setAsideIfExpired = async (drafts: NumberedDrafts, snapshot: Snapshot): Promise<void> => {
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
    /** Plans all drafts. Loads more into the snapshot while the snapshot shows too little. */
    plan: async (pending, contendedIds) => {
      const request = requestForDrafts(pending);
      let snapshot = await loadSnapshot(request);
      const draftsWithLoadedCodes = new Set<number>();
      for (;;) {
        const plans = planAll(pending, new DraftPlanner(snapshot, contendedIds, draftsWithLoadedCodes));
        const unplanned = [...pending].filter(([n]) => plans.get(n)?.type === "load-more");
        if (unplanned.length === 0) return plans;
        await setAsideIfExpired(unplanned, snapshot);
        const drafts = unplanned.map(([, draft]) => draft);
        const longerWalks = lengthenWalks(request.walks, snapshot.walks, drafts, WALK_GROWTH);
        snapshot = mergeSnapshots(
          snapshot,
          await loadSnapshot(requestMore(drafts, longerWalks, freshCodes(unplanned))),
        );
        for (const [n] of unplanned) draftsWithLoadedCodes.add(n);
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
  plan: async (pending) => {
    const snapshot = await database.read((session) =>
      dialect.loadSnapshot(session, requestForFailures([...pending.values()])),
    );
    const planner = new FailurePlanner(snapshot);
    return new Map([...pending].map(([n, failure]) => [n, planner.plan(n, failure)]));
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
