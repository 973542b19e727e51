import type { Draft, Repository } from "oncecode";
import { alterDrafts, type BreakRepository, settleEach, settleSingle, withSelection } from "./alter.ts";

const writeCustomer = async (inner: Repository, { customer }: Draft): Promise<void> => {
  if (customer.type === "write") await inner.put("customers", [customer.write]);
};

export const keepsCustomersOfShortDrafts: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  if (settlement.type === "short") await writeCustomer(inner, draft);
  return settlement;
});

export const forgetsNewCustomers: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  const isNew = draft.customer.type === "write" && draft.customer.write.replaces === null;
  if (settlement.type === "published" && isNew) await inner.remove("customers", [settlement.publication.customerId]);
  return settlement;
});

export const forgetsHolders: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  if (settlement.type !== "published") return settlement;
  const vouchers = settlement.vouchers.map((voucher) => ({ ...voucher, holderId: null }));
  await inner.put(
    "vouchers",
    vouchers.map((record) => ({ record, replaces: record.revision })),
  );
  return { ...settlement, vouchers };
});

/** Adds fresh vouchers to the pool and draws afterwards, so that another draft may take them. */
export const addsFreshVouchersToThePool: BreakRepository = settleEach(async (inner, draft) => {
  const first = await settleSingle(inner, withSelection(draft, { fresh: [] }));
  if (first.type !== "short" || draft.selection.type === "voucher" || draft.selection.fresh.length === 0) return first;
  await inner.add(draft.selection.fresh);
  return settleSingle(inner, withSelection(draft, { fresh: [] }));
});

/** Stores the spares, but not in the pool. */
export const storesUnusedFreshVouchersInactive: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  if (settlement.type === "published" && draft.selection.type === "campaign" && draft.selection.fresh.length > 0)
    await inner.add(draft.selection.fresh.map((voucher) => ({ ...voucher, active: false })));
  return settlement;
});

export const dropsSpares: BreakRepository = alterDrafts((draft) => withSelection(draft, { spares: 0 }));

/** The store has its own clock, which stands still in the past. */
export const usesItsOwnClock: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, { ...draft, now: "1970-01-01T00:00:00.000Z" as Draft["now"] });
  if (settlement.type !== "published") return settlement;
  const vouchers = settlement.vouchers.map((voucher) => ({ ...voucher, updatedAt: draft.now }));
  await inner.put(
    "vouchers",
    vouchers.map((record) => ({ record, replaces: record.revision })),
  );
  return { ...settlement, vouchers };
});

export const ignoresCampaignRevisions: BreakRepository = settleEach(async (inner, draft) => {
  if (draft.selection.type === "voucher") return settleSingle(inner, draft);
  const [owner] = await inner.find("campaigns", [{ id: draft.selection.campaignId }]);
  return settleSingle(inner, owner ? withSelection(draft, { revision: owner.revision }) : draft);
});

export const ignoresCustomerRevisions: BreakRepository = settleEach(async (inner, draft) => {
  if (draft.customer.type === "known") return settleSingle(inner, draft);
  const { record } = draft.customer.write;
  const [present] = await inner.find("customers", [{ id: record.id }]);
  const write = { record, replaces: present?.revision ?? null };
  return settleSingle(inner, { ...draft, customer: { type: "write", write } });
});

/** Makes a new id for each attempt, so that a repeat is not recognised. */
export const ignoresPublicationIds: BreakRepository = settleEach(async (inner, draft) => {
  const settlement = await settleSingle(inner, draft);
  const isOwn = settlement.type === "owned" && settlement.publication.id === draft.publication.id;
  if (!isOwn) return settlement;
  const id = `${draft.publication.id}, again` as Draft["publication"]["id"];
  const customer = { type: "known", id: draft.publication.customerId } as const;
  return settleSingle(inner, { ...draft, publication: { ...draft.publication, id }, keys: [], customer });
});

export const forgetsCustomersOfFailures: BreakRepository = (inner) => ({
  ...inner,
  record: async (failures) => {
    const recorded = await inner.record(failures);
    const made = failures.filter(({ customer }) => customer.type === "write" && customer.write.replaces === null);
    await inner.remove(
      "customers",
      made.map(({ publication }) => publication.customerId),
    );
    return recorded;
  },
});
