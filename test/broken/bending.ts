import { and, type Draft, type Repository, type Settlement, type VoucherRecord, where } from "oncecode";

/** Makes a repository that is wrong in one way of one that is right. */
export type Breaks = (inner: Repository) => Repository;

type CampaignTake = Extract<Draft["selection"], { readonly type: "campaign" }>;

const fromTheFirst = { by: "id", descending: false, after: null, offset: 0 } as const;

/** Settles one draft after another, each in its own way. */
export const eachBy =
  (settleOne: (inner: Repository, draft: Draft) => Promise<Settlement>): Breaks =>
  (inner) => ({
    ...inner,
    settle: async (drafts) => {
      const settlements: Settlement[] = [];
      for (const draft of drafts) settlements.push(await settleOne(inner, draft));
      return settlements;
    },
  });

export const settleAs = async (inner: Repository, draft: Draft): Promise<Settlement> => {
  const [settlement] = await inner.settle([draft]);
  if (settlement === undefined) throw new Error("no answer");
  return settlement;
};

/** A store that settles another draft than it was given. */
export const settling = (bend: (draft: Draft) => Draft): Breaks =>
  eachBy((inner, draft) => settleAs(inner, bend(draft)));

export const taking = (draft: Draft, take: Partial<CampaignTake>): Draft =>
  draft.selection.type === "campaign" ? { ...draft, selection: { ...draft.selection, ...take } } : draft;

export const poolOf = (
  inner: Repository,
  { campaignId }: CampaignTake,
  limit: number,
): Promise<readonly VoucherRecord[]> =>
  inner.page({
    ...fromTheFirst,
    kind: "vouchers",
    filter: and<string>(
      where("campaignId").is(campaignId),
      where("active").is(true),
      where("publicationId").isUnknown(),
    ),
    limit,
  });
