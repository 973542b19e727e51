import * as t from "io-ts";
import { ATTRIBUTES, type Kind, ORDERS } from "oncecode";
import { badRequest, Refusal } from "../failures.ts";
import { camel } from "./names.ts";
import { flag, type Given, given, instant, list, Struct, whole } from "./shape.ts";

/** The envelope of a list: `{ object: "list", data_ref: "campaigns", campaigns: […], total }` (contract 1.7). */
export const listOf = (
  name: string,
  dataRef: string,
  of: t.Mixed,
  more: Readonly<Record<string, t.Mixed>> = { total: whole },
): Struct<Given> =>
  new Struct<Given>(name, { [dataRef]: list(of), ...more }, {}, { object: "list", data_ref: dataRef });

const period = given("Period", { before: instant, after: instant });
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

const wireName = (kind: Kind, attribute: string): string => {
  const columns: Readonly<Record<string, { readonly wire: string }>> = ATTRIBUTES[kind];
  return columns[attribute]?.wire ?? attribute;
};

/** The order of a list in the engine's words. */
export const orderIn = (kind: Kind, given: unknown): string | undefined => {
  if (given === undefined) return undefined;
  const names = ORDERS[kind].flatMap((by) => [wireName(kind, by), `-${wireName(kind, by)}`]);
  const name = names.find((one) => one === given);
  if (name !== undefined) return name.startsWith("-") ? `-${camel(name.slice(1))}` : camel(name);
  throw new Refusal(badRequest("invalid_query_params", `Property .order must be one of: ${names.join(", ")}`));
};
