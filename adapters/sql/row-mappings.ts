import type { Campaign, Customer, Kind, PublicationRecord, Records, VoucherRecord } from "oncecode";
import type { CampaignRow, CustomerRow, Flag, PublicationRow, Rows, VoucherRow } from "./schema.ts";

/** Converts the records of one kind to rows and back. */
export interface RowMapping<Record, Row> {
  readonly toRow: (record: Record) => Row;
  readonly toRecord: (row: Row) => Record;
}

const flag = (value: boolean): Flag => (value ? 1 : 0);

const publicationRow = (publication: PublicationRecord): PublicationRow => {
  const { id, result, createdAt, customerId, trackingId, channel, sourceId, campaignId, campaign, ...others } =
    publication;
  const { voucherType, isReferralCode, codes, voucherIds, metadata, ...details } = others;
  return {
    id,
    result,
    created_at: createdAt,
    customer_id: customerId,
    tracking_id: trackingId,
    channel,
    source_id: sourceId,
    campaign_id: campaignId,
    campaign,
    voucher_type: voucherType,
    is_referral_code: flag(isReferralCode),
    failure_code: publication.result === "FAILURE" ? publication.failureCode : null,
    codes: JSON.stringify(codes),
    voucher_ids: JSON.stringify(voucherIds),
    metadata: JSON.stringify(metadata),
    details: JSON.stringify(details),
  };
};

const publicationRecord = (row: PublicationRow): PublicationRecord =>
  ({
    id: row.id,
    result: row.result,
    createdAt: row.created_at,
    customerId: row.customer_id,
    trackingId: row.tracking_id,
    channel: row.channel,
    sourceId: row.source_id,
    campaignId: row.campaign_id,
    campaign: row.campaign,
    voucherType: row.voucher_type,
    isReferralCode: row.is_referral_code === 1,
    codes: JSON.parse(row.codes),
    voucherIds: JSON.parse(row.voucher_ids),
    metadata: JSON.parse(row.metadata),
    ...JSON.parse(row.details),
  }) as PublicationRecord;

const voucherRow = (voucher: VoucherRecord): VoucherRow => {
  const { id, code, campaignId, campaign, type, isReferralCode, active, startDate, expirationDate, ...others } =
    voucher;
  const { createdAt, updatedAt, revision, holderId, publicationId, rank, metadata, ...details } = others;
  return {
    id,
    code,
    campaign_id: campaignId,
    campaign,
    type,
    is_referral_code: flag(isReferralCode),
    active: flag(active),
    start_date: startDate,
    expiration_date: expirationDate,
    created_at: createdAt,
    updated_at: updatedAt,
    revision,
    holder_id: holderId,
    publication_id: publicationId,
    rank,
    metadata: JSON.stringify(metadata),
    details: JSON.stringify(details),
  };
};

const voucherRecord = (row: VoucherRow): VoucherRecord =>
  ({
    id: row.id,
    code: row.code,
    campaignId: row.campaign_id,
    campaign: row.campaign,
    type: row.type,
    isReferralCode: row.is_referral_code === 1,
    active: row.active === 1,
    startDate: row.start_date,
    expirationDate: row.expiration_date,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
    holderId: row.holder_id,
    publicationId: row.publication_id,
    rank: row.rank,
    metadata: JSON.parse(row.metadata),
    ...JSON.parse(row.details),
  }) as VoucherRecord;

const campaignRow = (campaign: Campaign): CampaignRow => {
  const { id, name, type, campaignType, joinOnce, active, startDate, expirationDate, ...others } = campaign;
  const { createdAt, updatedAt, revision, metadata, ...details } = others;
  return {
    id,
    name,
    type,
    campaign_type: campaignType,
    join_once: flag(joinOnce),
    active: flag(active),
    start_date: startDate,
    expiration_date: expirationDate,
    created_at: createdAt,
    updated_at: updatedAt,
    revision,
    metadata: JSON.stringify(metadata),
    details: JSON.stringify(details),
  };
};

const campaignRecord = (row: CampaignRow): Campaign =>
  ({
    id: row.id,
    name: row.name,
    type: row.type,
    campaignType: row.campaign_type,
    joinOnce: row.join_once === 1,
    active: row.active === 1,
    startDate: row.start_date,
    expirationDate: row.expiration_date,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
    metadata: JSON.parse(row.metadata),
    ...JSON.parse(row.details),
  }) as Campaign;

const customerRow = (customer: Customer): CustomerRow => {
  const { id, sourceId, name, email, phone, birthdate, createdAt, updatedAt, revision, ...others } = customer;
  const { metadata, ...details } = others;
  return {
    id,
    source_id: sourceId,
    name,
    email,
    phone,
    birthdate,
    created_at: createdAt,
    updated_at: updatedAt,
    revision,
    metadata: JSON.stringify(metadata),
    details: JSON.stringify(details),
  };
};

const customerRecord = (row: CustomerRow): Customer =>
  ({
    id: row.id,
    sourceId: row.source_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    birthdate: row.birthdate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
    metadata: JSON.parse(row.metadata),
    ...JSON.parse(row.details),
  }) as Customer;

export const ROW_MAPPINGS: { readonly [K in Kind]: RowMapping<Records[K], Rows[K]> } = {
  publications: { toRow: publicationRow, toRecord: publicationRecord },
  vouchers: { toRow: voucherRow, toRecord: voucherRecord },
  campaigns: { toRow: campaignRow, toRecord: campaignRecord },
  customers: { toRow: customerRow, toRecord: customerRecord },
};
