import * as t from "io-ts";
import { flag, inputStruct, instant, isRecord, Leaf, list, Struct, type UnknownRecord, wholeNumber } from "./codecs.ts";

/** A list in a response: `{ object: "list", data_ref: "campaigns", campaigns: […], total }` (contract 1.7). */
export const listEnvelope = (
  name: string,
  dataRef: string,
  record: t.Mixed,
  extraFields: Readonly<Record<string, t.Mixed>> = { total: wholeNumber },
): Struct<UnknownRecord> =>
  new Struct<UnknownRecord>(
    name,
    { [dataRef]: list(record), ...extraFields },
    {},
    { object: "list", data_ref: dataRef },
  );

const time = { type: "string", format: "date-time" };
/** Other properties stay in the value, so that the engine refuses them. */
const period = new Leaf("period", { type: "object", properties: { before: time, after: time } }, (value) =>
  isRecord(value) ? value : undefined,
);
const pageFields = { limit: wholeNumber, page: wholeNumber, order: t.string, filters: t.UnknownRecord };

export const publicationsQuery: Struct<UnknownRecord> = inputStruct("PublicationsQuery", {
  ...pageFields,
  campaign: t.string,
  customer: t.string,
  voucher: t.string,
  result: t.string,
  voucher_type: t.string,
  is_referral_code: flag,
  source_id: t.string,
  created_at: period,
});
export const vouchersQuery: Struct<UnknownRecord> = inputStruct("VouchersQuery", {
  ...pageFields,
  campaign: t.string,
  campaign_id: t.string,
  customer: t.string,
  code: t.string,
  ids: list(t.string),
  created_at: period,
  updated_at: period,
});
export const campaignsQuery: Struct<UnknownRecord> = inputStruct("CampaignsQuery", {
  ...pageFields,
  campaign_type: t.string,
  created_at: period,
  updated_at: period,
});
export const customersQuery: Struct<UnknownRecord> = inputStruct("CustomersQuery", {
  ...pageFields,
  email: t.string,
  name: t.string,
  created_at: period,
  updated_at: period,
  starting_after: instant,
});
