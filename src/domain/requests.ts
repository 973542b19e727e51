import type { Filter } from "./filters.ts";
import type {
  Benefit,
  Campaign,
  CampaignType,
  Code,
  CodeConfig,
  Customer,
  CustomerId,
  Instant,
  Metadata,
  VoucherRecord,
  VoucherTemplate,
  VoucherType,
} from "./model.ts";
import type { Position } from "./pages.ts";

/** What the host asked for, decoded: defaults filled in, dates in one form, nothing left to check but the rules. */

/** A change to a record: what is absent stays. */
type Patch<T> = { readonly [K in keyof T]?: T[K] };

export interface CampaignRequest {
  readonly name: string;
  readonly type: Campaign["type"];
  readonly campaignType: CampaignType;
  readonly voucher: VoucherTemplate;
  readonly vouchersCount: number;
  readonly description: string | null;
  readonly joinOnce: boolean;
  readonly startDate: Instant | null;
  readonly expirationDate: Instant | null;
  readonly activityDurationAfterPublishing: string | null;
  readonly metadata: Metadata;
}

export type CampaignChange = Patch<
  Pick<
    Campaign,
    | "type"
    | "description"
    | "joinOnce"
    | "active"
    | "startDate"
    | "expirationDate"
    | "activityDurationAfterPublishing"
    | "metadata"
  > & {
    readonly codeConfig: CodeConfig;
    /** Keys of the metadata to remove. */
    readonly unsetMetadataFields: readonly string[];
  }
>;

export type VoucherChange = Patch<
  Pick<VoucherRecord, "active" | "startDate" | "expirationDate" | "redemption" | "additionalInfo" | "metadata">
>;

export interface VoucherRequest {
  /** By name or id; null for a standalone voucher. */
  readonly campaign: string | null;
  /** Null when the campaign says it. */
  readonly benefit: Benefit | null;
  /** Null when it is not said; the campaign's must be the same. */
  readonly type: VoucherType | null;
  readonly isReferralCode: boolean | null;
  /** Null to make one. */
  readonly code: Code | null;
  /** Null for the campaign's, or the default. */
  readonly codeConfig: CodeConfig | null;
  readonly details: VoucherChange;
}

/** Vouchers to add to a campaign. A code config that is null is the campaign's. */
export interface GeneratedAdditions {
  readonly count: number;
  readonly codeConfig: CodeConfig | null;
  readonly details: VoucherChange;
}
export interface CodeAdditions {
  readonly codes: readonly Code[];
  readonly details: VoucherChange;
}

export interface ImportRequest {
  readonly code: Code;
  readonly details: VoucherChange;
}

export type Profile = Patch<
  Pick<Customer, "name" | "email" | "phone" | "description" | "birthdate" | "address" | "metadata">
>;

/** A source id can be given to a customer who has none; it never changes. */
export interface CustomerChange {
  readonly sourceId?: string | null;
  readonly profile: Profile;
}

/** Whom a request is for: one that must be there, one by the host's own id, or somebody new. */
export interface CustomerRequest {
  readonly identity:
    | { readonly type: "id"; readonly id: CustomerId }
    | { readonly type: "sourceId"; readonly sourceId: string }
    | { readonly type: "new" };
  readonly profile: Profile;
}

export interface PublicationRequest {
  readonly source:
    | { readonly type: "voucher"; readonly voucher: string }
    | { readonly type: "campaign"; readonly campaign: string; readonly count: number };
  readonly customer: CustomerRequest;
  readonly channel: string;
  readonly metadata: Metadata;
  readonly sourceId: string | null;
  readonly joinOnce: boolean;
}

/** A list query without its kind. */
export interface ListRequest {
  readonly filter: Filter;
  readonly by: string;
  readonly descending: boolean;
  readonly after: Position | null;
  readonly offset: number;
  readonly limit: number;
}
