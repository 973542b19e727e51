import { type Filter, type Kind, type Query, where } from "oncecode";

/** Pages for which the database must use an index. */

export const MATCH_ALL: Filter = { type: "and", filters: [] };

/** A position in the middle of a list. */
export const POSITION = { value: "2026-03-02T09:15:04.120Z", id: "pub_1" } as const;

export const newestQuery = (kind: Kind, filter: Filter, details: Partial<Query> = {}): Query => ({
  kind,
  filter,
  by: "createdAt",
  descending: true,
  after: null,
  offset: 0,
  limit: 10,
  ...details,
});

type ListCase = readonly [kind: Kind, filter: Filter];

/** Lists, each with the index that yields the newest records and the column of the index that is searched. */
export const NEWEST_LISTS: readonly (readonly [...ListCase, index: string, column: string | null])[] = [
  ["publications", MATCH_ALL, "publications_by_time", null],
  ["publications", where("customerId").is("cust_1"), "publications_by_customer", "customer_id"],
  ["publications", where("customer").is("cust_1"), "publications_by_customer", "customer_id"],
  ["publications", where("campaign").is("spring-1"), "publications_by_campaign", "campaign"],
  ["publications", where("campaignName").is("spring-1"), "publications_by_campaign", "campaign"],
  ["publications", where("parentObjectId").is("camp_1"), "publications_by_campaign_id", "campaign_id"],
  ["publications", where("sourceId").is("order-1"), "publications_by_source", "source_id"],
  ["vouchers", MATCH_ALL, "vouchers_by_time", null],
  ["vouchers", where("campaign").is("spring-1"), "vouchers_by_campaign", "campaign"],
  ["vouchers", where("campaignId").is("camp_1"), "vouchers_by_campaign_id", "campaign_id"],
  ["vouchers", where("holderId").is("cust_1"), "vouchers_by_holder", "holder_id"],
  ["campaigns", MATCH_ALL, "campaigns_by_time", null],
  ["customers", MATCH_ALL, "customers_by_time", null],
];

/** Lists with few records. */
export const SELECTIVE_LISTS: readonly ListCase[] = [
  ["publications", where("voucherCode").is("A")],
  ["publications", where("relatedObjectId").in(["v_1", "v_2"])],
  ["publications", where("id").in(["pub_1", "pub_2"])],
  ["publications", where("customerId").in(["cust_1", "cust_2"])],
  ["vouchers", where("code").is("A")],
  ["vouchers", where("id").in(["v_1", "v_2"])],
  ["customers", where("sourceId").is("shop-1")],
  ["campaigns", where("name").is("spring-1")],
];

/** Orders that have an index. */
export const INDEXED_ORDERS: readonly (readonly [kind: Kind, by: string])[] = [
  ["publications", "id"],
  ["vouchers", "id"],
  ["vouchers", "code"],
];
