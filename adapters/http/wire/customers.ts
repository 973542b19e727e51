import * as t from "io-ts";
import type { Address, Customer, CustomerSummary } from "oncecode";
import { inputStruct, instant, metadata, nullable, type Struct, struct, type UnknownRecord } from "./codecs.ts";

const nullableText = nullable(t.string);
const address: Struct<Address> = struct<Address>()("Address", {
  city: nullableText,
  state: nullableText,
  line_1: nullableText,
  line_2: nullableText,
  country: nullableText,
  postal_code: nullableText,
});

const profileFields = {
  source_id: nullableText,
  name: nullableText,
  description: nullableText,
  email: nullableText,
  phone: nullableText,
  birthdate: nullableText,
  address: nullable(address),
  metadata,
};

/** A customer to create or change. A caller may post a whole fetched customer. */
export const customerRequest: Struct<UnknownRecord> = inputStruct("CustomerRequest", {
  id: t.string,
  ...profileFields,
});
export const customerPatch: Struct<UnknownRecord> = inputStruct("CustomerPatch", profileFields);

/** Sums of redemptions. This library redeems nothing. */
const NOTHING_REDEEMED = {
  redemptions: {
    total_redeemed: 0,
    total_failed: 0,
    total_succeeded: 0,
    total_rolled_back: 0,
    total_rollback_failed: 0,
    total_rollback_succeeded: 0,
    gift: { redeemed_amount: 0, amount_to_go: 0 },
    loyalty_card: { redeemed_points: 0, points_to_go: 0 },
  },
  orders: { total_amount: 0, total_count: 0, average_amount: 0, last_order_amount: 0, last_order_date: null },
};

export const customer: Struct<Customer> = struct<Customer>()(
  "Customer",
  { id: t.string, ...profileFields, created_at: instant, updated_at: nullable(instant) },
  {
    constants: {
      birthday: null,
      summary: NOTHING_REDEEMED,
      loyalty: { points: 0, referred_customers: 0, campaigns: {} },
      referrals: { total: 0, campaigns: [] },
      system_metadata: {},
      assets: {},
      object: "customer",
    },
  },
);

/** The customer inside a publication. */
export const customerSummary: Struct<CustomerSummary> = struct<CustomerSummary>()(
  "CustomerSummary",
  { id: t.string, name: nullableText, email: nullableText, source_id: nullableText, metadata },
  { constants: { object: "customer" } },
);
