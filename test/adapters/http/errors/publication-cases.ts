import { expect } from "vitest";
import { INTEGRATION_HEADERS, type RequestOptions } from "../../../support/http-api.ts";

/** A request of one error of the contract's table (contract 4). */
export interface Case {
  readonly title: string;
  readonly request: readonly [method: string, path: string, asked?: RequestOptions];
  readonly status: number;
  /** Absent if the contract has no key. */
  readonly key?: string;
  /** The texts of the contract. */
  readonly body?: object;
  /** Whether a failed publication is stored. */
  readonly recorded?: true;
}

export const customer = "shop-1";
const publish = (title: string, key: string, asked: object, body: object = {}, query = ""): Case => ({
  title,
  key,
  status: 400,
  request: ["POST", `/v1/publications${query}`, { body: asked }],
  body,
});
const recorded = (one: Case): Case => ({ ...one, recorded: true });

const NO_VOUCHER = "no_voucher_suitable_for_publication";
const TOO_MANY = "too_many_vouchers_requested";
const EMPTY_POOL = {
  message: "Couldn't find any voucher suitable for publication",
  details: "Add vouchers to the campaign, or change its type to AUTO_UPDATE, which creates missing vouchers",
};
const UP_TO_ONE = { details: "Only up to 1 can be published" };
const JOINED = { details: "Voucher cannot be published. Customer already joined program." };
/** Details that contain a text. */
export const detailsContaining = (details: string): object => ({ details: expect.stringContaining(details) });

export const publicationCases: readonly Case[] = [
  publish(
    "neither a voucher nor a campaign",
    "missing_vouchers",
    { customer },
    { details: "Either Campaign or Voucher is required" },
  ),
  publish("no body at all", "missing_vouchers", {}),
  recorded(publish("a voucher that is given", "voucher_already_published", { voucher: "GIVEN", customer })),
  recorded(
    publish("another voucher of a program", "voucher_cannot_be_published", { voucher: "OTHER", customer }, JOINED),
  ),
  recorded(publish("a STATIC campaign without vouchers", NO_VOUCHER, { campaign: "empty", customer }, EMPTY_POOL)),
  recorded(
    publish(
      "a STATIC campaign with too few",
      NO_VOUCHER,
      { campaign: { name: "spring", count: 2 }, customer },
      EMPTY_POOL,
    ),
  ),
  recorded(
    publish(
      "an AUTO_UPDATE campaign without codes left",
      NO_VOUCHER,
      { campaign: "tiny", customer },
      detailsContaining("Couldn't create new vouchers for publication"),
    ),
  ),
  recorded(publish("a disabled voucher", NO_VOUCHER, { voucher: "DISABLED", customer })),
  recorded(
    publish(
      "a used source id",
      "duplicate_source_id",
      { voucher: "FREE", customer, source_id: "order-1" },
      {
        message: "Duplicate source_id",
        details: "Publication with source_id: 'order-1' already exists",
      },
    ),
  ),
  recorded(
    publish(
      "51 vouchers",
      TOO_MANY,
      { campaign: { name: "spring", count: 51 }, customer },
      { details: "Only up to 50 can be published" },
    ),
  ),
  recorded(
    publish(
      "two vouchers, joining once",
      TOO_MANY,
      { campaign: { name: "spring", count: 2 }, customer: "shop-2" },
      UP_TO_ONE,
      "?join_once=true",
    ),
  ),
  {
    ...publish("two vouchers by a link", TOO_MANY, {}, UP_TO_ONE),
    request: [
      "GET",
      "/v1/publications/create?campaign[name]=spring&campaign[count]=2&customer=shop-1",
      { headers: INTEGRATION_HEADERS },
    ],
  },
  publish(
    "metadata that the schema refuses",
    "metadata_validation_failed",
    { voucher: "FREE", customer, metadata: { tier: "tin" } },
    detailsContaining("tier"),
  ),
  publish("a customer without any property", "invalid_customer", { voucher: "FREE", customer: {} }),
  publish(
    "a source id that looks like an id",
    "invalid_customer",
    { voucher: "FREE", customer: { source_id: "cust_x" } },
    detailsContaining(".customer.source_id"),
  ),
  publish("no customer", "missing_customer", { voucher: "FREE" }),
  publish(
    "a count of nothing",
    "invalid_payload",
    { campaign: { name: "spring", count: 0 }, customer },
    detailsContaining("Property .campaign.count must be"),
  ),
  publish(
    "a channel that is a number",
    "invalid_payload",
    { voucher: "FREE", customer, channel: 5 },
    detailsContaining("Property .channel must be"),
  ),
  publish(
    "a source id that is a number",
    "invalid_payload",
    { voucher: "FREE", customer, source_id: 5 },
    detailsContaining("Property .source_id must be"),
  ),
  publish(
    "an address that is none",
    "invalid_payload",
    { voucher: "FREE", customer: { source_id: "a", address: { line_1: 5 } } },
    detailsContaining("Property .customer.address.line_1 must be"),
  ),
];
