import { and, type Draft, type Repository, type Settlement, type VoucherRecord, where } from "oncecode";

/** Makes a broken repository from a correct one. */
export type BreakRepository = (inner: Repository) => Repository;

type CampaignSelection = Extract<Draft["selection"], { readonly type: "campaign" }>;

const FIRST_PAGE = { by: "id", descending: false, after: null, offset: 0 } as const;

/** Settles one draft after another, with another function. */
export const settleEach =
  (settleOne: (inner: Repository, draft: Draft) => Promise<Settlement>): BreakRepository =>
  (inner) => ({
    ...inner,
    settle: async (drafts) => {
      const settlements: Settlement[] = [];
      for (const draft of drafts) settlements.push(await settleOne(inner, draft));
      return settlements;
    },
  });

export const settleSingle = async (inner: Repository, draft: Draft): Promise<Settlement> => {
  const [settlement] = await inner.settle([draft]);
  if (settlement === undefined) throw new Error("no answer");
  return settlement;
};

/** Changes each draft before it is settled. */
export const alterDrafts = (alter: (draft: Draft) => Draft): BreakRepository =>
  settleEach((inner, draft) => settleSingle(inner, alter(draft)));

export const withSelection = (draft: Draft, changes: Partial<CampaignSelection>): Draft =>
  draft.selection.type === "campaign" ? { ...draft, selection: { ...draft.selection, ...changes } } : draft;

export const poolVouchers = (
  inner: Repository,
  { campaignId }: CampaignSelection,
  limit: number,
): Promise<readonly VoucherRecord[]> =>
  inner.page({
    ...FIRST_PAGE,
    kind: "vouchers",
    filter: and<string>(
      where("campaignId").is(campaignId),
      where("active").is(true),
      where("publicationId").isUnknown(),
    ),
    limit,
  });
