import assert from "node:assert/strict";
import type { Campaign, Success, VoucherRecord } from "../domain/model.ts";
import type { Draft, Ref, Repository, Settlement } from "../repository.ts";
import { campaign, creation, type VoucherDetails, vouchersOf } from "./records.ts";

/** Steps that several laws share. */

export type PublishedSettlement = Extract<Settlement, { readonly type: "published" }>;

/** A new campaign with that many vouchers in its pool. */
export const createCampaignWithVouchers = async (
  repository: Repository,
  count: number,
  details: VoucherDetails = {},
): Promise<{ readonly owner: Campaign; readonly vouchers: readonly VoucherRecord[] }> => {
  const owner = campaign();
  await repository.put("campaigns", [creation(owner)]);
  const vouchers = vouchersOf(owner, count, details);
  await repository.add(vouchers);
  return { owner, vouchers };
};

export const settleOne = async (repository: Repository, draft: Draft): Promise<Settlement> => {
  const settlements = await repository.settle([draft]);
  const [settlement] = settlements;
  if (settlement === undefined || settlements.length > 1) assert.fail(`1 draft has ${settlements.length} answers`);
  return settlement;
};

/** Publishes what must be publishable. */
export const publish = async (repository: Repository, draft: Draft): Promise<PublishedSettlement> => {
  const settlement = await settleOne(repository, draft);
  return isPublished(settlement)
    ? settlement
    : assert.fail(`The draft ended ${outcomeText(settlement)}, not published`);
};

export const isPublished = (settlement: Settlement): settlement is PublishedSettlement =>
  settlement.type === "published";

/** A settlement in a few words. */
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

/** For comparing what may come in any order. */
export const sorted = (texts: Iterable<string>): readonly string[] => [...texts].sort();

/** What is stored of a publication, whichever vouchers it drew. */
export const storedPublication = ({ publication }: Draft, { vouchers }: PublishedSettlement): Success => ({
  ...publication,
  codes: vouchers.map(({ code }) => code),
  voucherIds: vouchers.map(({ id }) => id),
});

/** More than any law puts into a pool: a store that gives more has no end. */
const DRAWS_MAX = 5000;

/** How many vouchers a draw could take, found out by taking them all, one by one. */
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

/** How often each ending came, as in `{ published: 1, "stale": 7 }`. */
export const tally = (settlements: readonly Settlement[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const settlement of settlements) counts[outcomeText(settlement)] = (counts[outcomeText(settlement)] ?? 0) + 1;
  return counts;
};

/** Each draft in a call of its own, all under way together. */
export const settleConcurrently = async (
  repository: Repository,
  drafts: readonly Draft[],
): Promise<readonly Settlement[]> => (await Promise.all(drafts.map((one) => repository.settle([one])))).flat();
