import type { Campaign, CampaignId, Customer, PublicationRecord, VoucherRecord, Write } from "oncecode";
import { Pool } from "./pool.ts";
import { Table } from "./table.ts";

/** All records, and the writes that keep tables and pools consistent. */
export class Store {
  readonly campaigns: Table<Campaign> = new Table((campaign) => campaign.name);
  readonly vouchers: Table<VoucherRecord> = new Table((voucher) => voucher.code);
  readonly customers: Table<Customer> = new Table((customer) => customer.sourceId);
  /** Their names are the keys that they own. */
  readonly publications: Table<PublicationRecord> = new Table(() => null);
  readonly #pools: Map<CampaignId, Pool> = new Map();

  poolOf(campaignId: CampaignId): Pool {
    const existingPool = this.#pools.get(campaignId);
    if (existingPool !== undefined) return existingPool;
    const pool = new Pool();
    this.#pools.set(campaignId, pool);
    return pool;
  }

  /** When a date of a campaign changes, its unpublished vouchers get the new date. */
  setCampaign(campaign: Campaign): void {
    const old = this.campaigns.get(campaign.id);
    this.campaigns.set(campaign);
    const { startDate, expirationDate } = campaign;
    const dates = {
      ...(old?.startDate !== startDate && { startDate }),
      ...(old?.expirationDate !== expirationDate && { expirationDate }),
    };
    if (old === undefined || Object.keys(dates).length === 0) return;
    for (const voucher of this.vouchersOf(campaign.id)) {
      if (voucher.publicationId !== null) continue;
      this.setVoucher({ ...voucher, ...dates, updatedAt: campaign.updatedAt, revision: voucher.revision + 1 });
    }
  }

  setVoucher(voucher: VoucherRecord): void {
    this.vouchers.set(voucher);
    if (voucher.campaignId === null) return;
    const pool = this.poolOf(voucher.campaignId);
    if (voucher.active && voucher.publicationId === null) pool.set(voucher);
    else pool.delete(voucher.id);
  }

  /** The code of a published voucher stays taken forever. */
  deleteVoucher(voucher: VoucherRecord): void {
    if (voucher.publicationId === null) this.vouchers.delete(voucher);
    else this.vouchers.deleteKeepingName(voucher);
    if (voucher.campaignId !== null) this.#pools.get(voucher.campaignId)?.delete(voucher.id);
  }

  deleteCampaign(campaign: Campaign): void {
    for (const voucher of this.vouchersOf(campaign.id)) this.deleteVoucher(voucher);
    this.campaigns.delete(campaign);
    this.#pools.delete(campaign.id);
  }

  vouchersOf(campaignId: CampaignId): readonly VoucherRecord[] {
    return [...this.vouchers.values()].filter((voucher) => voucher.campaignId === campaignId);
  }
}

/** Whether the record has the revision that the write replaces. */
export const isCurrent = <R extends Campaign | Customer | VoucherRecord>(
  { record, replaces }: Write<R>,
  table: Table<R>,
): boolean => (table.get(record.id)?.revision ?? null) === replaces;
