import * as t from "io-ts";
import type { Address, Customer, CustomerSummary } from "oncecode";
import { type Given, given, instant, metadata, nullable, type Struct, struct } from "./shape.ts";

const line = nullable(t.string);
const address: Struct<Address> = struct<Address>()("Address", {
  city: line,
  state: line,
  line_1: line,
  line_2: line,
  country: line,
  postal_code: line,
});

const profile = {
  source_id: line,
  name: line,
  description: line,
  email: line,
  phone: line,
  birthdate: line,
  address: nullable(address),
  metadata,
};

/** A customer to make or to change, who may also be one that was fetched and is posted back whole. */
export const customerRequest: Struct<Given> = given("CustomerRequest", { id: t.string, ...profile });
export const customerPatch: Struct<Given> = given("CustomerPatch", profile);

/** What redemptions, which are not ours, would add up to. */
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
  { id: t.string, ...profile, created_at: instant, updated_at: nullable(instant) },
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

/** What a publication shows of its customer. */
export const customerSummary: Struct<CustomerSummary> = struct<CustomerSummary>()(
  "CustomerSummary",
  { id: t.string, name: line, email: line, source_id: line, metadata },
  { constants: { object: "customer" } },
);
