import type { Campaign, Customer, Instant, Metadata, Records, VoucherRecord } from "../domain/model.ts";
import type { Repository } from "../repository.ts";
import { KEYS, objectOf, TEXTS, VALUES } from "./nasty.ts";
import {
  campaign,
  code,
  creation,
  customer,
  draft,
  failedDraft,
  knownCustomer,
  LATER,
  NOW,
  TOMORROW,
  takeFrom,
  voucher,
  voucherOf,
  YESTERDAY,
} from "./records.ts";
import { byId, isPublished } from "./setting.ts";

/** A store full of records that lists get wrong if they get any wrong, and what is in it. */
export type World = { readonly [K in keyof Records]: readonly Records[K][] };

const at = <T>(list: readonly [T, ...T[]] | readonly T[], i: number): T => {
  const one = list[i % list.length];
  if (one === undefined) throw new RangeError("an empty list");
  return one;
};
/** Few instants, so that there are ties. */
const instantAt = (i: number): Instant => at([NOW, YESTERDAY, NOW, TOMORROW, LATER], i);
const dateAt = (i: number): Instant | null => (i % 3 === 0 ? null : instantAt(i));
const textAt = (i: number): string | null => (i % 4 === 0 ? null : at(TEXTS, i * 7));
const metadataAt = (i: number): Metadata =>
  objectOf(
    KEYS.filter((_, k) => (i + k) % 3 > 0).map((name, k) => [name, VALUES[(i * 11 + k * 5) % VALUES.length] ?? null]),
  );

const campaignAt = (i: number): Campaign =>
  campaign({
    name: at(TEXTS, i * 3),
    type: at(["STATIC", "AUTO_UPDATE", "STANDALONE"], i),
    campaignType: at(["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "REFERRAL_PROGRAM"], i),
    joinOnce: i % 3 === 0,
    active: i % 4 > 0,
    startDate: dateAt(i),
    expirationDate: dateAt(i + 2),
    createdAt: instantAt(i),
    updatedAt: dateAt(i + 1),
    metadata: metadataAt(i),
  });

const customerAt = (i: number): Customer =>
  customer({
    sourceId: i % 5 === 0 ? null : at(TEXTS, i),
    name: textAt(i + 1),
    email: textAt(i + 2),
    phone: textAt(i),
    birthdate: at([null, "2000-02-29", "1999-12-31"], i),
    createdAt: instantAt(i),
    updatedAt: dateAt(i),
    metadata: metadataAt(i),
  });

const voucherAt = (owners: readonly Campaign[], i: number): VoucherRecord => {
  const details = {
    code: code(at(TEXTS, i)),
    isReferralCode: i % 3 === 0,
    active: i % 7 > 0,
    startDate: dateAt(i),
    expirationDate: i % 2 === 0 ? null : LATER,
    createdAt: instantAt(i),
    updatedAt: dateAt(i + 1),
    metadata: metadataAt(i),
  };
  return i % 6 === 0
    ? voucher(details, { type: "GIFT_VOUCHER", gift: { amount: i } })
    : voucherOf(at(owners, i), details);
};

const attemptAt = (owner: Campaign, i: number) => ({
  createdAt: instantAt(i),
  channel: at(TEXTS, i),
  metadata: metadataAt(i),
  sourceId: textAt(i),
  trackingId: textAt(i + 3),
  campaign: i % 5 === 0 ? null : owner.name,
  voucherType: at(["DISCOUNT_VOUCHER", null, "GIFT_VOUCHER"] as const, i),
  isReferralCode: i % 3 === 0,
});

/** Fills an empty repository. */
export const populate = async (repository: Repository): Promise<World> => {
  const count = TEXTS.length;
  const numbers = Array.from({ length: count }, (_, i) => i);
  const campaigns = numbers.filter((i) => i % 3 === 0).map(campaignAt);
  const owners = campaigns.slice(0, 4);
  const customers = numbers.map(customerAt);
  const vouchers = numbers.map((i) => voucherAt(owners, i));
  await repository.put("campaigns", campaigns.map(creation));
  await repository.put("customers", customers.map(creation));
  await repository.add(vouchers);

  const drafts = numbers.slice(0, 20).map((i) => {
    const owner = at(owners, i);
    const by = knownCustomer(at(customers, i * 2));
    return draft(takeFrom(owner, { count: 1 + (i % 3) }), { customer: by, publication: attemptAt(owner, i) });
  });
  const failures = numbers.map((i) => {
    const failed = i % 2 === 0 ? { failureCode: at(TEXTS, i) } : { voucherIds: [at(vouchers, i).id] };
    return failedDraft({ ...attemptAt(at(owners, i), i + 1), ...failed }, knownCustomer(at(customers, i)));
  });
  const settlements = await repository.settle(drafts);
  await repository.record(failures);

  const stored = await repository.find("vouchers", byId(vouchers));
  const successes = settlements.filter(isPublished).map(({ publication }) => publication);
  return {
    campaigns,
    customers,
    vouchers: stored.filter((one) => one !== null),
    publications: [...successes, ...failures.map(({ publication }) => publication)],
  };
};
