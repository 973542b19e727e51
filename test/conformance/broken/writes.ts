import {
  and,
  type Campaign,
  type EditableKind,
  type PutResult,
  type Records,
  type Repository,
  type VoucherRecord,
  type Write,
  where,
} from "oncecode";
import type { BreakRepository } from "./alter.ts";

const vouchersOf = (inner: Repository, { id }: Pick<Campaign, "id">): Promise<readonly VoucherRecord[]> =>
  inner.page({
    kind: "vouchers",
    filter: and<string>(where("campaignId").is(id)),
    by: "id",
    descending: false,
    after: null,
    offset: 0,
    limit: 1000,
  });

const rewrite = (inner: Repository, vouchers: readonly VoucherRecord[]): Promise<unknown> =>
  inner.put(
    "vouchers",
    vouchers.map((record) => ({ record, replaces: record.revision })),
  );

/** Overwrites the record, even if it changes meanwhile. */
const overwrite = async <K extends EditableKind>(
  inner: Repository,
  kind: K,
  { record }: Write<Records[K]>,
): Promise<PutResult> => {
  for (;;) {
    const [present] = await inner.find(kind, [{ id: record.id }]);
    const [put] = await inner.put(kind, [{ record, replaces: present?.revision ?? null }]);
    if (put !== undefined && put !== "stale") return put;
  }
};

/** The last write wins. */
export const losesUpdates: BreakRepository = (inner) => ({
  ...inner,
  put: (kind, writes) => Promise.all(writes.map((write) => overwrite(inner, kind, write))),
});

/** Checks the revision, and then writes without a condition. */
export const checksRevisionThenWrites: BreakRepository = (inner) => ({
  ...inner,
  put: async (kind, writes) => {
    const ids = writes.map(({ record: { id } }) => ({ id }));
    const present = await inner.find(kind, ids);
    const isStale = writes.some(({ replaces }, i) => (present[i]?.revision ?? null) !== replaces);
    return isStale ? inner.put(kind, writes) : Promise.all(writes.map((write) => overwrite(inner, kind, write)));
  },
});

/** Checks that the code is free, and then inserts without a constraint. */
export const checksCodeThenAdds: BreakRepository = (inner) => ({
  ...inner,
  add: async (vouchers) => {
    const names = vouchers.map(({ code }) => ({ name: code }));
    const present = await inner.find("vouchers", names);
    const added = await inner.add(vouchers);
    return added.map((answer, i) => (answer === "taken" && !present[i] ? "added" : answer));
  },
});

export const lastOwnerWins: BreakRepository = (inner) => ({
  ...inner,
  put: async (kind, writes) => {
    const put = await inner.put(kind, writes);
    if (kind !== "customers" || !put.includes("taken")) return put;
    const names = writes.flatMap(({ record }) => ("sourceId" in record ? [{ name: record.sourceId ?? "" }] : []));
    const owners = await inner.find("customers", names);
    await inner.remove(
      "customers",
      owners.flatMap((owner) => (owner ? [owner.id] : [])),
    );
    return inner.put(kind, writes);
  },
});

/** The row count of `INSERT … ON CONFLICT DO NOTHING` does not distinguish a repeat from a conflict. */
export const reportsRepeatsAsConflicts: BreakRepository = (inner) => ({
  ...inner,
  add: async (vouchers) => {
    const present = await inner.find(
      "vouchers",
      vouchers.map(({ id }) => ({ id })),
    );
    const added = await inner.add(vouchers);
    return added.map((answer, i) => (present[i] ? "taken" : answer));
  },
});

/** A collation that ignores case. */
export const foldsCaseOfCodes: BreakRepository = (inner) => {
  const ownersByFoldedCode = new Map<string, string>();
  return {
    ...inner,
    add: async (vouchers) => {
      const accepted = vouchers.map(({ code, id }) => {
        const fold = code.toLowerCase();
        const owner = ownersByFoldedCode.get(fold) ?? id;
        ownersByFoldedCode.set(fold, owner);
        return owner === id;
      });
      const acceptedVouchers = vouchers.filter((_, i) => accepted[i]);
      const added = acceptedVouchers.length === 0 ? [] : await inner.add(acceptedVouchers);
      return vouchers.map((voucher, i) =>
        accepted[i] ? (added[acceptedVouchers.indexOf(voucher)] ?? "taken") : "taken",
      );
    },
  };
};

/** One statement for all vouchers, which fails as a whole. */
export const addsAllOrNothing: BreakRepository = (inner) => ({
  ...inner,
  add: async (vouchers) => {
    const added = await inner.add(vouchers);
    if (added.every((answer) => answer === "added")) return added;
    const ids = vouchers.flatMap(({ id }, i) => (added[i] === "added" ? [id] : []));
    if (ids.length > 0) await inner.remove("vouchers", ids);
    return added.map((answer) => (answer === "added" ? "taken" : answer));
  },
});

/** Deletes the row of the voucher, so that its code is forgotten. */
export const freesPublishedCodes: BreakRepository = (inner) => ({
  ...inner,
  remove: async (kind, ids) => {
    const refs = ids.map((id) => ({ id }));
    const vouchers = kind === "vouchers" ? await inner.find("vouchers", refs) : [];
    const published = vouchers.filter((voucher) => voucher !== null && voucher.publicationId !== null);
    const forgotten = published.flatMap((voucher) => (voucher ? [{ ...voucher, publicationId: null }] : []));
    if (forgotten.length > 0) await rewrite(inner, forgotten);
    return inner.remove(kind, ids);
  },
});

export const leavesVouchersOfDeletedCampaigns: BreakRepository = (inner) => ({
  ...inner,
  remove: async (kind, ids) => {
    if (kind !== "campaigns") return inner.remove(kind, ids);
    const vouchers = (await Promise.all(ids.map((id) => vouchersOf(inner, { id: id as Campaign["id"] })))).flat();
    const removed = await inner.remove(kind, ids);
    const standalone = vouchers.map((voucher) => ({ ...voucher, campaignId: null }));
    if (standalone.length > 0) await inner.add(standalone);
    return removed;
  },
});

const afterCampaignWrites =
  (
    after: (inner: Repository, before: readonly VoucherRecord[], campaign: Campaign) => Promise<unknown>,
  ): BreakRepository =>
  (inner) => ({
    ...inner,
    put: async (kind, writes) => {
      const records: readonly Records[EditableKind][] = writes.map(({ record }) => record);
      const campaigns = records.filter(isCampaign);
      const before = await Promise.all(campaigns.map((campaign) => vouchersOf(inner, campaign)));
      const put = await inner.put(kind, writes);
      for (const [i, campaign] of campaigns.entries())
        if (put[i] === "written" && before[i]?.length) await after(inner, before[i], campaign);
      return put;
    },
  });

const isCampaign = (record: Records[EditableKind]): record is Campaign => "joinOnce" in record;

export const changesDatesOfPublishedVouchers: BreakRepository = afterCampaignWrites(
  async (inner, before, { expirationDate }) => {
    const published = before.filter(({ publicationId }) => publicationId !== null);
    if (published.length > 0)
      await rewrite(
        inner,
        published.map((voucher) => ({ ...voucher, expirationDate })),
      );
  },
);

export const changesDatesOfNoVoucher: BreakRepository = afterCampaignWrites(async (inner, before) => {
  const present = await inner.find(
    "vouchers",
    before.map(({ id }) => ({ id })),
  );
  await rewrite(
    inner,
    before.map((voucher, i) => ({ ...voucher, revision: present[i]?.revision ?? 0 })),
  );
});

/** Sets the dates with each write of the campaign, even if no date has changed. */
export const setsDatesOnEveryWrite: BreakRepository = afterCampaignWrites(
  async (inner, before, { startDate, expirationDate }) => {
    const present = await inner.find(
      "vouchers",
      before.map(({ id }) => ({ id })),
    );
    const unpublished = present
      .filter((voucher) => voucher !== null)
      .filter(({ publicationId }) => publicationId === null);
    if (unpublished.length > 0)
      await rewrite(
        inner,
        unpublished.map((voucher) => ({ ...voucher, startDate, expirationDate })),
      );
  },
);
