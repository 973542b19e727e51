import type { Code, Draft, FailedDraft, Publications, Settlement } from "oncecode";
import type { Database } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { drawing } from "./drawing.ts";
import type { Calling } from "./faults.ts";
import { type Decision, FailureRound, Round } from "./planning.ts";
import { Call, type Deciding, type Pending } from "./rounds.ts";
import { longer, type Sight, together, type Wanted, wantedAlso, wantedFor, wantedForFailures } from "./sight.ts";

type Draws = readonly (readonly [n: number, draft: Draft])[];

/** How much further to look each time that a draft has not seen enough. */
const FURTHER = 4;

const codesOffered = (drafts: Draws): readonly Code[] =>
  drafts.flatMap(([, { selection }]) => (selection.type === "campaign" ? selection.fresh.map(({ code }) => code) : []));

const decideAll = (pending: Pending<Draft>, round: Round): ReadonlyMap<number, Decision<Settlement>> =>
  new Map([...pending].map(([n, draft]) => [n, round.decide(n, draft)]));

const settling = (database: Database, dialect: ServerDialect): Deciding<Draft, Settlement> => {
  const look = (wanted: Wanted): Promise<Sight> => database.read((session) => dialect.look(session, wanted));

  /** Takes expired vouchers that were met out of the pool's index, so that the next draw need not pass them again. */
  const park = async (drafts: Draws, sight: Sight): Promise<void> => {
    for (const [, { selection, now }] of drafts) {
      if (selection.type === "voucher") continue;
      const { campaignId } = selection;
      const seen = sight.walks.get(campaignId)?.candidates ?? [];
      if (!seen.some(({ expirationDate }) => expirationDate !== null && expirationDate <= now)) continue;
      return database.tidy((session) => dialect.park(session, { campaignId, now }));
    }
  };

  return {
    atOnce: drawing(database, dialect),
    /** Looks on until enough has been seen. */
    decide: async (pending, busy) => {
      const wanted = wantedFor(pending);
      let sight = await look(wanted);
      const checked = new Set<number>();
      for (;;) {
        const decisions = decideAll(pending, new Round(sight, busy, checked));
        const short = [...pending].filter(([n]) => decisions.get(n)?.type === "look");
        if (short.length === 0) return decisions;
        await park(short, sight);
        const drafts = short.map(([, draft]) => draft);
        const further = longer(wanted.walks, sight.walks, drafts, FURTHER);
        sight = together(sight, await look(wantedAlso(drafts, further, codesOffered(short))));
        for (const [n] of short) checked.add(n);
      }
    },
    written: ({ publication }, vouchers) => {
      if (publication.result === "FAILURE") throw new Error("A draft became a failure: this is a bug in oncecode");
      return { type: "published", publication, vouchers };
    },
  };
};

const recording = (database: Database, dialect: ServerDialect): Deciding<FailedDraft, "recorded" | "stale"> => ({
  atOnce: async () => new Map(),
  decide: async (pending) => {
    const sight = await database.read((session) => dialect.look(session, wantedForFailures([...pending.values()])));
    const round = new FailureRound(sight);
    return new Map([...pending].map(([n, failure]) => [n, round.decide(n, failure)]));
  },
  written: () => "recorded",
});

export const publications = (database: Database, dialect: ServerDialect, calling: Calling): Publications => {
  const deciding = { settle: settling(database, dialect), record: recording(database, dialect) };
  return {
    settle: (drafts) => {
      const call = new Call(database, dialect, drafts, deciding.settle);
      return calling(
        () => call.run(),
        () => call.hasWritten,
      );
    },
    record: (failures) => {
      const call = new Call(database, dialect, failures, deciding.record);
      return calling(
        () => call.run(),
        () => call.hasWritten,
      );
    },
  };
};
