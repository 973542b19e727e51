import * as t from "io-ts";
import { flag, type Given, given, instant, isRecord, Leaf, list, Struct, whole } from "./shape.ts";

/** The envelope of a list: `{ object: "list", data_ref: "campaigns", campaigns: […], total }` (contract 1.7). */
export const listOf = (
  name: string,
  dataRef: string,
  of: t.Mixed,
  more: Readonly<Record<string, t.Mixed>> = { total: whole },
): Struct<Given> =>
  new Struct<Given>(name, { [dataRef]: list(of), ...more }, {}, { object: "list", data_ref: dataRef });

const time = { type: "string", format: "date-time" };
/** What else is in it is refused, so it is handed on as it is. */
const period = new Leaf("period", { type: "object", properties: { before: time, after: time } }, (value) =>
  isRecord(value) ? value : undefined,
);
const place = { limit: whole, page: whole, order: t.string, filters: t.UnknownRecord };

export const publicationsQuery: Struct<Given> = given("PublicationsQuery", {
  ...place,
  campaign: t.string,
  customer: t.string,
  voucher: t.string,
  result: t.string,
  voucher_type: t.string,
  is_referral_code: flag,
  source_id: t.string,
  created_at: period,
});
export const vouchersQuery: Struct<Given> = given("VouchersQuery", {
  ...place,
  campaign: t.string,
  campaign_id: t.string,
  customer: t.string,
  code: t.string,
  ids: list(t.string),
  created_at: period,
  updated_at: period,
});
export const campaignsQuery: Struct<Given> = given("CampaignsQuery", {
  ...place,
  campaign_type: t.string,
  created_at: period,
  updated_at: period,
});
export const customersQuery: Struct<Given> = given("CustomersQuery", {
  ...place,
  email: t.string,
  name: t.string,
  created_at: period,
  updated_at: period,
  starting_after: instant,
});
