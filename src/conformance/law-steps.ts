import assert from "node:assert/strict";
import type { Campaign, SuccessfulPublication, VoucherRecord } from "../domain/model.ts";
import type { Draft, Ref, Repository, Settlement } from "../repository.ts";
import { campaign, creation, type VoucherDetails, vouchersOf } from "./sample-records.ts";

// Steps that several laws share.

export type PublishedSettlement = Extract<Settlement, { readonly type: "published" }>;

/** Creates a campaign with `count` vouchers in its pool. */
export const createCampaignWithVouchers = async (
  repository: Repository,
  count: number,
  details: VoucherDetails = {},
): Promise<{ readonly testCampaign: Campaign; readonly vouchers: readonly VoucherRecord[] }> => {
  const testCampaign = campaign();
  await repository.put("campaigns", [creation(testCampaign)]);
  const vouchers = vouchersOf(testCampaign, count, details);
  await repository.add(vouchers);
  return { testCampaign, vouchers };
};

export const settleOne = async (repository: Repository, draft: Draft): Promise<Settlement> => {
  const settlements = await repository.settle([draft]);
  const [settlement] = settlements;
  if (settlement === undefined || settlements.length > 1) assert.fail(`1 draft has ${settlements.length} answers`);
  return settlement;
};

/** Publishes a draft, and fails if the repository refuses it. */
export const publish = async (repository: Repository, draft: Draft): Promise<PublishedSettlement> => {
  const settlement = await settleOne(repository, draft);
  return isPublished(settlement)
    ? settlement
    : assert.fail(`The draft ended ${outcomeText(settlement)}, not published`);
};

export const isPublished = (settlement: Settlement): settlement is PublishedSettlement =>
  settlement.type === "published";

/** A settlement as a short text, such as `unsuitable: expired`. */
export const outcomeText = (settlement: Settlement): string => {
  switch (settlement.type) {
    case "published":
      return "published";
    case "owned":
      return `owned by ${settlement.publication.id}`;
    case "unsuitable":
      return `unsuitable: ${settlement.reason}`;
    case "short":
    case "stale":
      return settlement.type;
  }
};

export const outcomeTexts = (settlements: readonly Settlement[]): readonly string[] => settlements.map(outcomeText);

export const codesOf = (settlements: readonly Settlement[]): readonly string[] =>
  settlements.filter(isPublished).flatMap(({ publication }) => publication.codes);

export const refsById = (records: readonly { readonly id: string }[]): readonly Ref[] =>
  records.map(({ id }) => ({ id }));
export const refsByCode = (vouchers: readonly { readonly code: string }[]): readonly Ref[] =>
  vouchers.map(({ code }) => ({ name: code }));

/** Sorts texts, to compare lists whose order does not matter. */
export const sorted = (texts: Iterable<string>): readonly string[] => [...texts].sort();

/** The publication that a repository must store for a draft and its vouchers. */
export const storedPublication = (
  { publication }: Draft,
  { vouchers }: PublishedSettlement,
): SuccessfulPublication => ({
  ...publication,
  codes: vouchers.map(({ code }) => code),
  voucherIds: vouchers.map(({ id }) => id),
});

/** A broken store could publish without end. No law puts this many vouchers into a pool. */
const DRAWS_MAX = 5000;

/** Publishes all vouchers of a pool, one by one. */
export const drain = async (
  repository: Repository,
  nextDraft: () => Draft,
): Promise<readonly PublishedSettlement[]> => {
  const draws: PublishedSettlement[] = [];
  while (draws.length < DRAWS_MAX) {
    const settlement = await settleOne(repository, nextDraft());
    if (!isPublished(settlement)) {
      assert.equal(outcomeText(settlement), "short");
      return draws;
    }
    draws.push(settlement);
  }
  return assert.fail(`The pool gave ${DRAWS_MAX} vouchers, and is not empty`);
};

export const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Counts the settlements of each kind, such as `{ published: 1, stale: 7 }`. */
export const tally = (settlements: readonly Settlement[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const settlement of settlements) counts[outcomeText(settlement)] = (counts[outcomeText(settlement)] ?? 0) + 1;
  return counts;
};

/** Settles each draft in a call of its own. All calls run at the same time. */
export const settleConcurrently = async (
  repository: Repository,
  drafts: readonly Draft[],
): Promise<readonly Settlement[]> => (await Promise.all(drafts.map((one) => repository.settle([one])))).flat();
