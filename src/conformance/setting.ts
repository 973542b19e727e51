import assert from "node:assert/strict";
import type { Campaign, Success, VoucherRecord } from "../domain/model.ts";
import type { Draft, Ref, Repository, Settlement } from "../repository.ts";
import { campaign, creation, type VoucherDetails, vouchersOf } from "./records.ts";

/** What the laws say again and again. */

export type Published = Extract<Settlement, { readonly type: "published" }>;

/** A new campaign with that many vouchers in its pool. */
export const stocked = async (
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
export const publish = async (repository: Repository, draft: Draft): Promise<Published> => {
  const settlement = await settleOne(repository, draft);
  return isPublished(settlement) ? settlement : assert.fail(`The draft ended ${gist(settlement)}, not published`);
};

export const isPublished = (settlement: Settlement): settlement is Published => settlement.type === "published";

/** A settlement in a few words. */
export const gist = (settlement: Settlement): string => {
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

export const gists = (settlements: readonly Settlement[]): readonly string[] => settlements.map(gist);

export const codesOf = (settlements: readonly Settlement[]): readonly string[] =>
  settlements.filter(isPublished).flatMap(({ publication }) => publication.codes);

export const byId = (records: readonly { readonly id: string }[]): readonly Ref[] => records.map(({ id }) => ({ id }));
export const byCode = (vouchers: readonly { readonly code: string }[]): readonly Ref[] =>
  vouchers.map(({ code }) => ({ name: code }));

/** For comparing what may come in any order. */
export const sorted = (texts: Iterable<string>): readonly string[] => [...texts].sort();

/** What is stored of a publication, whichever vouchers it drew. */
export const asStored = ({ publication }: Draft, { vouchers }: Published): Success => ({
  ...publication,
  codes: vouchers.map(({ code }) => code),
  voucherIds: vouchers.map(({ id }) => id),
});

/** More than any law puts into a pool: a store that gives more has no end. */
const DRAWS_MAX = 5000;

/** How many vouchers a draw could take, found out by taking them all, one by one. */
export const drain = async (repository: Repository, draw: () => Draft): Promise<readonly Published[]> => {
  const drawn: Published[] = [];
  while (drawn.length < DRAWS_MAX) {
    const settlement = await settleOne(repository, draw());
    if (!isPublished(settlement)) {
      assert.equal(gist(settlement), "short");
      return drawn;
    }
    drawn.push(settlement);
  }
  return assert.fail(`The pool gave ${DRAWS_MAX} vouchers, and is not empty`);
};
