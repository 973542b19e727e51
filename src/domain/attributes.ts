import type { Kind } from "./model.ts";

/**
 * What can be filtered and ordered by, per kind of record (contract 3.3 and 1.8 to 1.10).
 *
 * `wire` is the contract's name, `field` the record's property, `type` what its value is to a filter: `texts` is
 * several texts, any of which may satisfy a condition; `json` (metadata) compares by the type of what is stored.
 */
export const ATTRIBUTES = {
  publications: {
    id: { wire: "id", field: "id", type: "text" },
    result: { wire: "result", field: "result", type: "text" },
    failureCode: { wire: "failure_code", field: "failureCode", type: "text" },
    channel: { wire: "channel", field: "channel", type: "text" },
    sourceId: { wire: "source_id", field: "sourceId", type: "text" },
    customerId: { wire: "customer_id", field: "customerId", type: "text" },
    customer: { wire: "customer", field: "customerId", type: "text" },
    trackingId: { wire: "tracking_id", field: "trackingId", type: "text" },
    campaignName: { wire: "campaign_name", field: "campaign", type: "text" },
    campaign: { wire: "campaign", field: "campaign", type: "text" },
    parentObjectId: { wire: "parent_object_id", field: "campaignId", type: "text" },
    relatedObjectId: { wire: "related_object_id", field: "voucherIds", type: "texts" },
    voucherCode: { wire: "voucher_code", field: "codes", type: "texts" },
    voucher: { wire: "voucher", field: "codes", type: "texts" },
    voucherType: { wire: "voucher_type", field: "voucherType", type: "text" },
    isReferralCode: { wire: "is_referral_code", field: "isReferralCode", type: "boolean" },
    createdAt: { wire: "created_at", field: "createdAt", type: "instant" },
  },
  vouchers: {
    id: { wire: "id", field: "id", type: "text" },
    code: { wire: "code", field: "code", type: "text" },
    campaign: { wire: "campaign", field: "campaign", type: "text" },
    campaignId: { wire: "campaign_id", field: "campaignId", type: "text" },
    campaignIds: { wire: "campaign_ids", field: "campaignId", type: "text" },
    holderId: { wire: "holder_id", field: "holderId", type: "text" },
    publicationId: { wire: "publication_id", field: "publicationId", type: "text" },
    voucherType: { wire: "voucher_type", field: "type", type: "text" },
    isReferralCode: { wire: "is_referral_code", field: "isReferralCode", type: "boolean" },
    active: { wire: "active", field: "active", type: "boolean" },
    startDate: { wire: "start_date", field: "startDate", type: "instant" },
    expirationDate: { wire: "expiration_date", field: "expirationDate", type: "instant" },
    createdAt: { wire: "created_at", field: "createdAt", type: "instant" },
    updatedAt: { wire: "updated_at", field: "updatedAt", type: "instant" },
  },
  campaigns: {
    id: { wire: "id", field: "id", type: "text" },
    name: { wire: "name", field: "name", type: "text" },
    type: { wire: "type", field: "type", type: "text" },
    campaignType: { wire: "campaign_type", field: "campaignType", type: "text" },
    joinOnce: { wire: "join_once", field: "joinOnce", type: "boolean" },
    active: { wire: "active", field: "active", type: "boolean" },
    startDate: { wire: "start_date", field: "startDate", type: "instant" },
    expirationDate: { wire: "expiration_date", field: "expirationDate", type: "instant" },
    createdAt: { wire: "created_at", field: "createdAt", type: "instant" },
    updatedAt: { wire: "updated_at", field: "updatedAt", type: "instant" },
  },
  customers: {
    id: { wire: "id", field: "id", type: "text" },
    sourceId: { wire: "source_id", field: "sourceId", type: "text" },
    name: { wire: "name", field: "name", type: "text" },
    email: { wire: "email", field: "email", type: "text" },
    phone: { wire: "phone", field: "phone", type: "text" },
    birthdate: { wire: "birthdate", field: "birthdate", type: "text" },
    createdAt: { wire: "created_at", field: "createdAt", type: "instant" },
    updatedAt: { wire: "updated_at", field: "updatedAt", type: "instant" },
  },
} as const;

type Table = typeof ATTRIBUTES;
/** The attributes of a kind that have a column of their own. */
type FixedAttribute<K extends Kind = Kind> = K extends Kind ? keyof Table[K] & string : never;
/** A key of the host's metadata, taken literally: `metadata.a.b` is the key `a.b`. */
export type MetadataAttribute = `metadata.${string}`;
/** All that a filter on a kind can name. */
export type Attribute<K extends Kind = Kind> = FixedAttribute<K> | MetadataAttribute;

/** What the value of an attribute is to a filter; see `ATTRIBUTES`. */
export type ValueType = "text" | "texts" | "instant" | "boolean" | "json";
type TypeInKind<K extends Kind, A> = A extends keyof Table[K]
  ? Extract<Table[K][A], { type: ValueType }>["type"]
  : never;
/** The value type of an attribute. */
export type TypeOf<A extends Attribute> = A extends MetadataAttribute
  ? "json"
  : { [K in Kind]: TypeInKind<K, A> }[Kind];

/** What lists can be ordered by; `-` in front means descending. Ties are broken by id, in the same direction. */
export const ORDERS = {
  publications: ["createdAt", "id", "voucherCode", "trackingId", "customerId", "channel"],
  vouchers: ["createdAt", "id", "updatedAt", "code"],
  campaigns: ["createdAt", "id", "updatedAt", "name"],
  customers: ["createdAt", "id", "updatedAt", "name", "email", "sourceId"],
} as const;
/** What a list of a kind can be ordered by. */
export type OrderBy<K extends Kind> = (typeof ORDERS)[K][number];
/** An order of a list: ascending, or with `-` descending. */
export type Order<K extends Kind> = OrderBy<K> | `-${OrderBy<K>}`;

const METADATA = "metadata.";
/** The metadata key that an attribute names, or null when it names a column. */
export const metadataKey = (attribute: string): string | null =>
  attribute.startsWith(METADATA) ? attribute.slice(METADATA.length) : null;

/** Where an attribute stands, and what it is. */
export interface Column {
  readonly wire: string;
  readonly field: string;
  readonly type: ValueType;
}
const columns = (kind: Kind): ReadonlyMap<string, Column> => new Map(Object.entries(ATTRIBUTES[kind]));
const COLUMNS: Readonly<Record<Kind, ReadonlyMap<string, Column>>> = {
  publications: columns("publications"),
  vouchers: columns("vouchers"),
  campaigns: columns("campaigns"),
  customers: columns("customers"),
};
/** The column behind an attribute; undefined for metadata and for names that the kind does not have. */
export const columnOf = (kind: Kind, attribute: string): Column | undefined => COLUMNS[kind].get(attribute);
