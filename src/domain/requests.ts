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

// Decoded requests: defaults are filled in and dates have one form. Only the rules of the domain remain to be checked.

/** A change to a record. Absent fields stay. */
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

/** The name or id of the voucher's campaign, which sets the benefit; or null, and a benefit of its own. */
export type CampaignOrBenefit =
  | { readonly campaign: string; readonly benefit: null; readonly isReferralCode: null }
  | { readonly campaign: null; readonly benefit: Benefit; readonly isReferralCode: boolean };

export type VoucherRequest = CampaignOrBenefit & {
  /** Null if the request has none. Otherwise it must equal the campaign's. */
  readonly type: VoucherType | null;
  /** Null: the engine creates a code. */
  readonly code: Code | null;
  /** Null: the campaign's, or the default. */
  readonly codeConfig: CodeConfig | null;
  readonly details: VoucherChange;
};

/** Generated vouchers to add to a campaign. A null `codeConfig` means the campaign's. */
export interface GeneratedAdditions {
  readonly count: number;
  readonly codeConfig: CodeConfig | null;
  readonly details: VoucherChange;
}
export interface CodeAdditions {
  readonly codes: readonly Code[];
  readonly details: VoucherChange;
}

export interface VoucherImportRequest {
  readonly code: Code;
  readonly details: VoucherChange;
}

export type Profile = Patch<
  Pick<Customer, "name" | "email" | "phone" | "description" | "birthdate" | "address" | "metadata">
>;

/** A customer without a source id can get one. After that the source id never changes. */
export interface CustomerChange {
  readonly sourceId?: string | null;
  readonly profile: Profile;
}

/** The customer of a request. `id`: must exist. `sourceId`: created if there is none. `new`: a new customer. */
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
