import type { Campaign, Customer, Instant, Metadata, Records, VoucherRecord } from "../domain/model.ts";
import type { Repository } from "../repository.ts";
import { EDGE_CASE_TEXTS, METADATA_KEYS, METADATA_VALUES, objectOf } from "./edge-case-values.ts";
import { isPublished, refsById } from "./law-steps.ts";
import {
  campaign,
  campaignSelection,
  code,
  creation,
  customer,
  draft,
  failedDraft,
  knownCustomer,
  LATER,
  NOW,
  TOMORROW,
  voucher,
  voucherOf,
  YESTERDAY,
} from "./sample-records.ts";

/** The records of a store for the laws on lists and filters. They have the values that stores often handle wrongly. */
export type Fixture = { readonly [K in keyof Records]: readonly Records[K][] };

const itemAt = <T>(list: readonly [T, ...T[]] | readonly T[], i: number): T => {
  const one = list[i % list.length];
  if (one === undefined) throw new RangeError("an empty list");
  return one;
};
/** There are few instants, so that many records have the same one. */
const instantAt = (i: number): Instant => itemAt([NOW, YESTERDAY, NOW, TOMORROW, LATER], i);
const dateAt = (i: number): Instant | null => (i % 3 === 0 ? null : instantAt(i));
const textAt = (i: number): string | null => (i % 4 === 0 ? null : itemAt(EDGE_CASE_TEXTS, i * 7));
const metadataAt = (i: number): Metadata =>
  objectOf(
    METADATA_KEYS.filter((_, k) => (i + k) % 3 > 0).map((name, k) => [
      name,
      METADATA_VALUES[(i * 11 + k * 5) % METADATA_VALUES.length] ?? null,
    ]),
  );

const campaignAt = (i: number): Campaign =>
  campaign({
    name: itemAt(EDGE_CASE_TEXTS, i * 3),
    type: itemAt(["STATIC", "AUTO_UPDATE", "STANDALONE"], i),
    campaignType: itemAt(["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "REFERRAL_PROGRAM"], i),
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
    sourceId: i % 5 === 0 ? null : itemAt(EDGE_CASE_TEXTS, i),
    name: textAt(i + 1),
    email: textAt(i + 2),
    phone: textAt(i),
    birthdate: itemAt([null, "2000-02-29", "1999-12-31"], i),
    createdAt: instantAt(i),
    updatedAt: dateAt(i),
    metadata: metadataAt(i),
  });

const voucherAt = (testCampaigns: readonly Campaign[], i: number): VoucherRecord => {
  const details = {
    code: code(itemAt(EDGE_CASE_TEXTS, i)),
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
    : voucherOf(itemAt(testCampaigns, i), details);
};

const publicationDetailsAt = (testCampaign: Campaign, i: number) => ({
  createdAt: instantAt(i),
  channel: itemAt(EDGE_CASE_TEXTS, i),
  metadata: metadataAt(i),
  sourceId: textAt(i),
  trackingId: textAt(i + 3),
  campaign: i % 5 === 0 ? null : testCampaign.name,
  voucherType: itemAt(["DISCOUNT_VOUCHER", null, "GIFT_VOUCHER"] as const, i),
  isReferralCode: i % 3 === 0,
});

/** Adds the records to an empty repository. */
export const populate = async (repository: Repository): Promise<Fixture> => {
  const count = EDGE_CASE_TEXTS.length;
  const numbers = Array.from({ length: count }, (_, i) => i);
  const campaigns = numbers.filter((i) => i % 3 === 0).map(campaignAt);
  const testCampaigns = campaigns.slice(0, 4);
  const customers = numbers.map(customerAt);
  const vouchers = numbers.map((i) => voucherAt(testCampaigns, i));
  await repository.put("campaigns", campaigns.map(creation));
  await repository.put("customers", customers.map(creation));
  await repository.add(vouchers);

  const drafts = numbers.slice(0, 20).map((i) => {
    const testCampaign = itemAt(testCampaigns, i);
    const draftCustomer = knownCustomer(itemAt(customers, i * 2));
    return draft(campaignSelection(testCampaign, { count: 1 + (i % 3) }), {
      customer: draftCustomer,
      publication: publicationDetailsAt(testCampaign, i),
    });
  });
  const failures = numbers.map((i) => {
    const failureDetails =
      i % 2 === 0 ? { failureCode: itemAt(EDGE_CASE_TEXTS, i) } : { voucherIds: [itemAt(vouchers, i).id] };
    return failedDraft(
      { ...publicationDetailsAt(itemAt(testCampaigns, i), i + 1), ...failureDetails },
      knownCustomer(itemAt(customers, i)),
    );
  });
  const settlements = await repository.settle(drafts);
  await repository.record(failures);

  const stored = await repository.find("vouchers", refsById(vouchers));
  const successes = settlements.filter(isPublished).map(({ publication }) => publication);
  return {
    campaigns,
    customers,
    vouchers: stored.filter((one) => one !== null),
    publications: [...successes, ...failures.map(({ publication }) => publication)],
  };
};
