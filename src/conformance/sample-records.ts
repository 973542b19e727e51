import { randomInt } from "node:crypto";
import type {
  Benefit,
  Campaign,
  CampaignId,
  Code,
  Customer,
  CustomerId,
  FailedPublication,
  Instant,
  Key,
  PublicationId,
  SuccessfulPublication,
  VoucherId,
  VoucherRecord,
} from "../domain/model.ts";
import type { Draft, DraftCustomer, FailedDraft, VoucherSelection, Write } from "../repository.ts";

// Records with defaults, for laws and for the own tests of an adapter. Each call makes new ids and names.

/** Text as the id of a campaign. */
export const campaignId = (text: string): CampaignId => text as CampaignId;
/** Text as the id of a voucher. */
export const voucherId = (text: string): VoucherId => text as VoucherId;
/** Text as the id of a customer. */
export const customerId = (text: string): CustomerId => text as CustomerId;
/** Text as the id of a publication. */
export const publicationId = (text: string): PublicationId => text as PublicationId;
/** Text as a code. */
export const code = (text: string): Code => text as Code;
/** Text as a key. */
export const key = (text: string): Key => text as Key;
/** Text as an instant. */
export const instant = (text: string): Instant => text as Instant;

/** A day before `NOW`. */
export const YESTERDAY: Instant = instant("2026-03-01T09:15:04.120Z");
/** The default time of drafts. */
export const NOW: Instant = instant("2026-03-02T09:15:04.120Z");
/** A day after `NOW`. */
export const TOMORROW: Instant = instant("2026-03-03T09:15:04.120Z");
/** About a month after `NOW`. */
export const LATER: Instant = instant("2026-04-01T00:00:00.000Z");

let uniqueCount = 0;
/** A new text for each call, such as `voucher_00000007`. */
export const unique = (kind: string): string => {
  uniqueCount += 1;
  return `${kind}_${String(uniqueCount).padStart(8, "0")}`;
};

/** A random number in [0, 1), with enough bits for a rank. */
export const randomFraction = (): number => randomInt(2 ** 47) / 2 ** 47;

const commonFields = { createdAt: NOW, updatedAt: null, revision: 1, metadata: {} };

/** A `STATIC` campaign with the given details. */
export const campaign = (details: Partial<Campaign> = {}): Campaign => {
  const id = unique("camp");
  return {
    ...commonFields,
    id: campaignId(id),
    name: `name of ${id}`,
    description: null,
    type: "STATIC",
    campaignType: "DISCOUNT_COUPONS",
    voucher: {
      type: "DISCOUNT_VOUCHER",
      discount: { type: "PERCENT", percentOff: 10 },
      codeConfig: { length: 8, charset: "0123456789ABCDEF", prefix: "OCT-", postfix: "", pattern: "OCT-########" },
      isReferralCode: false,
      redemption: { quantity: 1 },
    },
    joinOnce: false,
    active: true,
    startDate: null,
    expirationDate: null,
    activityDurationAfterPublishing: null,
    ...details,
  };
};

/** The properties of a voucher that a test can set. */
export type VoucherDetails = Partial<Omit<VoucherRecord, "type">>;

const PERCENT_BENEFIT: Benefit = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } };

/** A voucher without a campaign. */
export const voucher = (details: VoucherDetails = {}, benefit: Benefit = PERCENT_BENEFIT): VoucherRecord => {
  const id = unique("v");
  return {
    ...benefit,
    ...commonFields,
    id: voucherId(id),
    code: code(`code of ${id}`),
    campaignId: null,
    campaign: null,
    isReferralCode: false,
    redemption: { quantity: 1 },
    active: true,
    startDate: null,
    expirationDate: null,
    additionalInfo: null,
    holderId: null,
    publicationId: null,
    rank: randomFraction(),
    ...details,
  };
};

/** A voucher of a campaign. */
export const voucherOf = (
  { id, name, startDate, expirationDate }: Campaign,
  details: VoucherDetails = {},
): VoucherRecord => voucher({ campaignId: id, campaign: name, startDate, expirationDate, ...details });

/** `count` vouchers of a campaign. */
export const vouchersOf = (
  testCampaign: Campaign,
  count: number,
  details: VoucherDetails = {},
): readonly VoucherRecord[] => Array.from({ length: count }, () => voucherOf(testCampaign, details));

/** A customer with a source id and the given details. */
export const customer = (details: Partial<Customer> = {}): Customer => {
  const id = unique("cust");
  return {
    ...commonFields,
    id: customerId(id),
    sourceId: `source of ${id}`,
    name: null,
    email: null,
    phone: null,
    description: null,
    birthdate: null,
    address: null,
    ...details,
  };
};

/** The write that creates a record. */
export const creation = <R>(record: R): Write<R> => ({ record, replaces: null });

/** The write that changes a record. It replaces the revision of the given record. */
export const change = <R extends { readonly revision: number }>(record: R, changes: Partial<R>): Write<R> => ({
  record: { ...record, updatedAt: LATER, ...changes, revision: record.revision + 1 },
  replaces: record.revision,
});

/** An existing customer, as the customer of a draft. */
export const knownCustomer = ({ id }: Customer): DraftCustomer => ({ type: "known", id });
/** A customer that the draft creates or changes. */
export const writtenCustomer = (write: Write<Customer>): DraftCustomer => ({ type: "write", write });

/** Selects this voucher. */
export const voucherSelection = ({ id }: Pick<VoucherRecord, "id">): VoucherSelection => ({
  type: "voucher",
  voucherId: id,
});

/** A selection that draws from a campaign. */
export type CampaignSelection = Extract<VoucherSelection, { readonly type: "campaign" }>;
/** Draws one voucher of a campaign, from a random start rank. */
export const campaignSelection = (
  { id, revision }: Campaign,
  details: Partial<CampaignSelection> = {},
): CampaignSelection => ({
  type: "campaign",
  campaignId: id,
  revision,
  count: 1,
  startRank: randomFraction(),
  fresh: [],
  spares: 0,
  ...details,
});

/** The properties of a draft that a test can set. */
export interface DraftDetails extends Partial<Omit<Draft, "publication" | "selection">> {
  readonly publication?: Partial<SuccessfulPublication>;
}

/** A draft for a new customer, or for the customer in `details`. */
export const draft = (selection: VoucherSelection, { publication, ...details }: DraftDetails = {}): Draft => {
  const draftCustomer = details.customer ?? writtenCustomer(creation(customer()));
  return {
    customer: draftCustomer,
    selection,
    keys: [],
    now: NOW,
    expirationDate: null,
    ...details,
    publication: { ...publicationFields(draftCustomer, selection), result: "SUCCESS", ...publication },
  };
};

/** A failed publication of a new customer, or of the given customer. */
export const failedDraft = (
  details: Partial<FailedPublication> = {},
  draftCustomer: DraftCustomer = writtenCustomer(creation(customer())),
): FailedDraft => ({
  customer: draftCustomer,
  publication: {
    ...publicationFields(draftCustomer, voucherSelection(voucher())),
    result: "FAILURE",
    failureCode: "no_voucher_suitable_for_publication",
    failureMessage: "Couldn't find any voucher suitable for publication",
    ...details,
  },
});

const publicationFields = (
  draftCustomer: DraftCustomer,
  selection: VoucherSelection,
): Omit<SuccessfulPublication, "result"> => ({
  id: publicationId(unique("pub")),
  createdAt: NOW,
  customerId: draftCustomer.type === "known" ? draftCustomer.id : draftCustomer.write.record.id,
  trackingId: draftCustomer.type === "known" ? null : draftCustomer.write.record.sourceId,
  channel: "API",
  metadata: {},
  sourceId: null,
  campaignId: selection.type === "campaign" ? selection.campaignId : null,
  campaign: null,
  voucherType: "DISCOUNT_VOUCHER",
  isReferralCode: false,
  origin:
    selection.type === "campaign"
      ? { type: "campaign", campaignId: selection.campaignId, count: selection.count }
      : { type: "voucher", voucherId: selection.voucherId },
  codes: [],
  voucherIds: [],
});
