import type { Draft, Settlement } from "oncecode";
import { alterDrafts, type BreakRepository, poolVouchers, settleEach, settleSingle, withSelection } from "./alter.ts";

/** Selects first, and updates afterwards without a condition. */
export const readsThenClaims: BreakRepository = settleEach(async (inner, draft) => {
  if (draft.selection.type === "voucher" || draft.selection.count > 1) return settleSingle(inner, draft);
  const [chosen] = await poolVouchers(inner, draft.selection, 1);
  if (chosen === undefined) return settleSingle(inner, draft);
  const settlement = await settleSingle(inner, { ...draft, selection: { type: "voucher", voucherId: chosen.id } });
  if (settlement.type !== "unsuitable" || settlement.reason !== "published") return settlement;
  const publication = { ...draft.publication, codes: [chosen.code], voucherIds: [chosen.id] };
  // `record` stores a publication without a claim.
  const unclaimed = { ...publication, result: "FAILURE", failureCode: "", failureMessage: "" } as const;
  await inner.record([{ publication: Object.assign(unclaimed, { result: "SUCCESS" }), customer: draft.customer }]);
  return { type: "published", publication, vouchers: [chosen] };
});

export const ignoresKeys: BreakRepository = alterDrafts((draft) => ({ ...draft, keys: [] }));

export const checksKeysInReverse: BreakRepository = alterDrafts((draft) => ({
  ...draft,
  keys: draft.keys.toReversed(),
}));

/** Inserts the keys first, and does not roll them back. */
export const keepsKeysOfShortDrafts: BreakRepository = (inner) => {
  const keptKeys = new Set<string>();
  return settleEach(async (_, draft) => {
    if (draft.keys.some((key) => keptKeys.has(key))) return { type: "stale" };
    const settlement = await settleSingle(inner, draft);
    if (settlement.type === "short") for (const key of draft.keys) keptKeys.add(key);
    return settlement;
  })(inner);
};

/** `UPDATE … WHERE id IN (SELECT … LIMIT n)` can change more than n rows. */
export const claimsOneTooMany: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  if (settlement.type === "published" && draft.selection.type === "campaign")
    for (const voucher of await poolVouchers(inner, draft.selection, 1)) {
      const { id: publicationId, customerId: holderId } = settlement.publication;
      const record = { ...voucher, publicationId, holderId, revision: voucher.revision + 1 };
      await inner.put("vouchers", [{ record, replaces: voucher.revision }]);
    }
  return settlement;
});

export const publishesFewerThanAsked: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  if (settlement.type !== "short" || draft.selection.type === "voucher") return settlement;
  const left = await poolVouchers(inner, draft.selection, draft.selection.count);
  return left.length === 0 ? settlement : settleSingle(inner, withSelection(draft, { count: left.length }));
});

/** Writes the drafts in groups, and not in order. */
export const settlesKnownCustomersLast: BreakRepository = (inner) => ({
  ...inner,
  settle: async (drafts) => {
    const written = new Set(
      drafts.flatMap(({ customer }) => (customer.type === "write" ? [customer.write.record.id] : [])),
    );
    const needsWrittenCustomer = ({ customer }: Draft): boolean =>
      customer.type === "known" && written.has(customer.id);
    const [ready, rest] = [drafts.filter((draft) => !needsWrittenCustomer(draft)), drafts.filter(needsWrittenCustomer)];
    const settled = new Map<Draft, Settlement>();
    for (const some of [ready, rest])
      for (const [i, settlement] of (await inner.settle(some)).entries()) {
        const draft = some[i];
        if (draft !== undefined) settled.set(draft, settlement);
      }
    return drafts.flatMap((draft) => settled.get(draft) ?? []);
  },
});

/** Answers with the written drafts first, then with the others. */
export const answersSuccessesFirst: BreakRepository = (inner) => ({
  ...inner,
  settle: async (drafts) => {
    const settlements = await inner.settle(drafts);
    const isFirst = ({ type }: Settlement): boolean => type === "published" || type === "owned";
    return [...settlements.filter(isFirst), ...settlements.filter((settlement) => !isFirst(settlement))];
  },
});

/** A statement with a running sum over the requested counts refuses all drafts after a short one. */
export const refusesDraftsAfterAShortOne: BreakRepository = (inner) => ({
  ...inner,
  settle: async (drafts) => {
    const short = new Set<string>();
    const settlements: Settlement[] = [];
    for (const draft of drafts) {
      const campaign = draft.selection.type === "campaign" ? draft.selection.campaignId : "";
      const settlement: Settlement = short.has(campaign) ? { type: "short" } : await settleSingle(inner, draft);
      if (settlement.type === "short") short.add(campaign);
      settlements.push(settlement);
    }
    return settlements;
  },
});

/** A query without `ORDER BY`, or a queue, returns the oldest voucher first. */
export const drawsTheOldest: BreakRepository = settleEach(async (inner, draft) => {
  if (draft.selection.type === "voucher" || draft.selection.count > 1) return settleSingle(inner, draft);
  const { campaignId, revision } = draft.selection;
  const [owner] = await inner.find("campaigns", [{ id: campaignId }]);
  const candidates = await poolVouchers(inner, draft.selection, 1000);
  const oldest = candidates.find(({ expirationDate }) => expirationDate === null || expirationDate > draft.now);
  if (owner?.revision !== revision || oldest === undefined) return settleSingle(inner, draft);
  return settleSingle(inner, { ...draft, selection: { type: "voucher", voucherId: oldest.id } });
});

export const drawsFromOneStartRank: BreakRepository = alterDrafts((draft) => withSelection(draft, { startRank: 0.3 }));

/** Checks that the named voucher is free, and then writes without a condition. */
export const readsThenClaimsByName: BreakRepository = settleEach(async (inner, draft) => {
  if (draft.selection.type === "campaign") return settleSingle(inner, draft);
  const [voucher] = await inner.find("vouchers", [{ id: draft.selection.voucherId }]);
  const settlement = await settleSingle(inner, draft);
  const lost = settlement.type === "unsuitable" && settlement.reason === "published";
  if (!lost || !voucher || voucher.publicationId !== null) return settlement;
  const publication = { ...draft.publication, codes: [voucher.code], voucherIds: [voucher.id] };
  return { type: "published", publication, vouchers: [voucher] };
});
