import type { Kind } from "./model.ts";

/**
 * The attributes for filters, per kind of record (contract 3.3 and 1.8 to 1.10).
 *
 * `wire` is the contract's name, `field` the record's property, and `type` the type of its value in a filter. `texts` is
 * a list of texts: a condition holds if it holds for any of them. `json` (metadata) compares by the type of the stored
 * value.
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
/** The attributes of a kind that are not metadata. */
type FixedAttribute<K extends Kind = Kind> = K extends Kind ? keyof Table[K] & string : never;
/** A key of the metadata, read literally: `metadata.a.b` is the key `a.b`. */
export type MetadataAttribute = `metadata.${string}`;
/** The attributes that a filter on a kind can name. */
export type Attribute<K extends Kind = Kind> = FixedAttribute<K> | MetadataAttribute;

/** The type of an attribute's value in a filter; see `ATTRIBUTES`. */
export type ValueType = "text" | "texts" | "instant" | "boolean" | "json";
type TypeInKind<K extends Kind, A> = A extends keyof Table[K]
  ? Extract<Table[K][A], { type: ValueType }>["type"]
  : never;
/** The value type of an attribute. */
export type TypeOf<A extends Attribute> = A extends MetadataAttribute
  ? "json"
  : { [K in Kind]: TypeInKind<K, A> }[Kind];

/** The orders of lists; `-` in front means descending. Records with equal values are ordered by id, in the same direction. */
export const ORDERS = {
  publications: ["createdAt", "id", "voucherCode", "trackingId", "customerId", "channel"],
  vouchers: ["createdAt", "id", "updatedAt", "code"],
  campaigns: ["createdAt", "id", "updatedAt", "name"],
  customers: ["createdAt", "id", "updatedAt", "name", "email", "sourceId"],
} as const;
/** The values by which a list of a kind can be ordered. */
export type OrderBy<K extends Kind> = (typeof ORDERS)[K][number];
/** The order of a list: ascending, or descending with `-`. */
export type Order<K extends Kind> = OrderBy<K> | `-${OrderBy<K>}`;

const METADATA = "metadata.";
/** The metadata key that an attribute names, or null when it names a column. */
export const metadataKey = (attribute: string): string | null =>
  attribute.startsWith(METADATA) ? attribute.slice(METADATA.length) : null;

/** The contract's name, the record's property and the value type of an attribute. */
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
