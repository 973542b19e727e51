import type { Order } from "./domain/attributes.ts";
import type { FilterOf } from "./domain/filters.ts";
import type {
  Address,
  Benefit,
  Campaign,
  CampaignType,
  Customer,
  CustomerId,
  Discount,
  Failure,
  Kind,
  Metadata,
  Success,
  VoucherRecord,
  VoucherType,
} from "./domain/model.ts";
import type { EngineError } from "./errors.ts";

/** The engine as a host sees it: what goes in, what comes out. */

// ---- what comes out

/** What a publication shows of its customer, as the customer is now. */
export interface CustomerSummary {
  readonly id: CustomerId;
  readonly sourceId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: Metadata;
}

interface PublicationDetails {
  readonly customer: CustomerSummary;
  /** The voucher as it is now, when the publication is of one code and the voucher is still there. */
  readonly voucher?: Voucher;
}
/** `codes` are the customer's, in the same order as `voucherIds`. */
export type Publication = Success & PublicationDetails;
/** What lists give: publications, and the attempts that failed. */
export type PublicationEntry = (Success | Failure) & PublicationDetails;

/** `publish` shows whether the voucher has been published, and by which publication. */
export type Voucher = Omit<VoucherRecord, "rank" | "publicationId"> &
  Benefit & {
    readonly publish: { readonly count: 0 | 1; readonly publication: Success | null };
  };

/**
 * How a campaign stands. `available` are suitable for publication now; what is neither published nor available is
 * disabled or expired. `failed` counts the attempts that are on record.
 */
export interface CampaignSummary {
  readonly total: number;
  readonly published: number;
  readonly available: number;
  readonly failed: number;
}

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Counts all matches; asked of the store only when you call it. */
  total(): Promise<number>;
  /**
   * Give it as `cursor`, with the same query, for the page that follows; null on the last page. Publishing meanwhile does
   * not shift it.
   */
  readonly next: string | null;
}

/** Which of the vouchers handed in were not imported, by position, and why. */
export interface ImportReport {
  readonly imported: number;
  readonly refused: readonly { readonly index: number; readonly error: EngineError }[];
}

// ---- what goes in

/** ISO 8601 text with a zone (`2026-03-02T09:15:04Z`), a date (`2026-03-02`, midnight UTC), or a `Date`. */
export type DateInput = string | Date;

/** What a voucher is worth; of the three kinds, the one given. */
export type BenefitInput =
  | { readonly type?: "DISCOUNT_VOUCHER"; readonly discount: Discount }
  | { readonly type: "GIFT_VOUCHER"; readonly gift: { readonly amount: number; readonly effect?: string } }
  | { readonly type: "LOYALTY_CARD"; readonly loyaltyCard: { readonly points: number } };

/**
 * How codes are made: `length` characters of `charset`, or a `pattern` whose every `#` is one; with `prefix` in front
 * and `postfix` behind. By default eight letters and digits.
 */
export interface CodeConfigInput {
  readonly length?: number;
  readonly charset?: string;
  readonly prefix?: string;
  readonly postfix?: string;
  readonly pattern?: string;
}

/** What every voucher of a campaign is like. */
export type VoucherTemplateInput = BenefitInput & {
  readonly codeConfig?: CodeConfigInput;
  readonly isReferralCode?: boolean;
  readonly redemption?: { readonly quantity: number | null };
};

/** A campaign to make. */
export interface CampaignInput {
  readonly name: string;
  /** STATIC unless given. */
  readonly type?: Campaign["type"];
  readonly voucher: VoucherTemplateInput;
  /** How many vouchers to make at once; 0 unless given. */
  readonly vouchersCount?: number;
  readonly description?: string | null;
  /** Follows from the voucher's type unless given. A LOYALTY_PROGRAM is always `joinOnce`. */
  readonly campaignType?: CampaignType;
  readonly joinOnce?: boolean;
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  readonly metadata?: Metadata;
}

/** What is given replaces, null clears, what is absent stays; metadata is merged by key. */
export interface CampaignPatch {
  /** STATIC or AUTO_UPDATE, either way; a STANDALONE campaign stays one. */
  readonly type?: Campaign["type"];
  readonly description?: string | null;
  readonly joinOnce?: boolean;
  /** New dates reach the campaign's unpublished vouchers, too. */
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  /** Applies to the codes made from now on. */
  readonly codeConfig?: CodeConfigInput;
  readonly metadata?: Metadata;
  /** Keys of the metadata to remove. */
  readonly unsetMetadataFields?: readonly string[];
}

interface VoucherDetails {
  readonly active?: boolean;
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly redemption?: { readonly quantity: number | null };
  readonly additionalInfo?: string | null;
  readonly metadata?: Metadata;
}

/** A voucher of a campaign, or a standalone one. Without a `code` one is made by `codeConfig`, or the campaign's. */
export type VoucherInput = VoucherDetails & {
  readonly code?: string;
  readonly codeConfig?: CodeConfigInput;
} & ({ readonly campaign: string } | (BenefitInput & { readonly isReferralCode?: boolean }));

/** A voucher of the merchant's own making; what is absent comes from the campaign. */
export type VoucherImport = VoucherDetails & { readonly code: string };

/** What is given replaces, null clears, what is absent stays; metadata is merged by key. */
export type VoucherPatch = VoucherDetails;

/** Random ones, by `codeConfig` or the campaign's; or these. What is said of them is said of each, the rest comes from the campaign. */
export type VouchersToAdd = VoucherDetails &
  ({ readonly count: number; readonly codeConfig?: CodeConfigInput } | { readonly codes: readonly string[] });

/** How far a long operation is. */
export interface Progress {
  readonly done: number;
  /** Null where the number is not known beforehand. */
  readonly total: number | null;
}

/** For what takes a while. Stopping by `signal` rejects with `aborted`, which says how much is done. */
export interface ProgressOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** `id` finds a customer that is there, `sourceId` one that is made if need be; the rest is merged into the profile. */
export interface CustomerInput {
  readonly id?: string;
  readonly sourceId?: string | null;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly description?: string | null;
  readonly birthdate?: string | null;
  readonly address?: Partial<Address> | null;
  readonly metadata?: Metadata;
}

/** What is given replaces, null clears, what is absent stays; metadata is merged by key. */
export type CustomerPatch = Omit<CustomerInput, "id">;

/** One voucher, by code or id; or a number of a campaign's, by its name or id. */
export type PublicationSource =
  | { readonly voucher: string }
  | { readonly campaign: string | { readonly name: string; readonly count?: number } };

/** What to publish, and to whom. */
export type PublicationInput = PublicationSource & {
  /** A `cust_…` id, your own id of the customer, or a profile, in which null clears what is known. */
  readonly customer: string | CustomerInput;
  /** `API` unless given. */
  readonly channel?: string | null;
  readonly metadata?: Metadata | null;
  /** Your id of this request: asking again with it gives the same publication. */
  readonly sourceId?: string | null;
  /** Gives the customer the code they got from this campaign before, if they did. */
  readonly joinOnce?: boolean;
};

/** What to list, in which order, and which page of it. */
export interface ListQuery<K extends Kind> {
  readonly filters?: FilterOf<K>;
  /** `-createdAt`, newest first, unless given. */
  readonly order?: Order<K>;
  /** 1 to 100; 10 unless given. */
  readonly limit?: number;
  /** 1 to 1000; 1 unless given. Further on, use `cursor`. */
  readonly page?: number;
  readonly cursor?: string | null;
}

/** Shorthands for common filters, all of which must match. */
export interface PublicationFilters {
  readonly filters?: FilterOf<"publications">;
  /** The campaign's name. */
  readonly campaign?: string;
  /** The customer's id. */
  readonly customer?: string;
  /** A code. */
  readonly voucher?: string;
  readonly result?: "SUCCESS" | "FAILURE";
  /** Also in short, and in any case: `discount`, `gift`, `loyalty`. */
  readonly voucherType?: VoucherType | "discount" | "gift" | "loyalty";
  /** Only `true` has an effect. */
  readonly isReferralCode?: boolean;
  readonly sourceId?: string;
  readonly createdAt?: { readonly before?: DateInput; readonly after?: DateInput };
}
/** A list of publications: a query and any of the shorthands. */
export type PublicationQuery = ListQuery<"publications"> & PublicationFilters;

// ---- the engine

/** Each takes a campaign by its name or its id. */
export interface CampaignMethods {
  create(input: CampaignInput, options?: ProgressOptions): Promise<Campaign>;
  get(campaign: string): Promise<Campaign>;
  list(query?: ListQuery<"campaigns">): Promise<Page<Campaign>>;
  update(campaign: string, patch: CampaignPatch): Promise<Campaign>;
  /** Deletes the campaign with its vouchers. Its publications stay on record, and their codes stay taken. */
  delete(campaign: string): Promise<void>;
  enable(campaign: string): Promise<Campaign>;
  disable(campaign: string): Promise<Campaign>;
  /**
   * Adds all or, where a code is wrong or taken, none. Only if another call takes a code at the same moment are some
   * added and some not: `done` of the error says how many.
   */
  addVouchers(
    campaign: string,
    vouchers: VouchersToAdd,
    options?: ProgressOptions,
  ): Promise<{ readonly added: number }>;
  /** Adds what can be added of a list of any length, and reports each one that can't. */
  importVouchers(
    campaign: string,
    vouchers: Iterable<string | VoucherImport> | AsyncIterable<string | VoucherImport>,
    options?: ProgressOptions,
  ): Promise<ImportReport>;
  summary(campaign: string): Promise<CampaignSummary>;
}

/** Each takes a voucher's code or its id. */
export interface VoucherMethods {
  create(input: VoucherInput): Promise<Voucher>;
  get(voucher: string): Promise<Voucher>;
  list(query?: ListQuery<"vouchers">): Promise<Page<Voucher>>;
  update(voucher: string, patch: VoucherPatch): Promise<Voucher>;
  delete(voucher: string): Promise<void>;
  enable(voucher: string): Promise<Voucher>;
  disable(voucher: string): Promise<Voucher>;
}

/** Each takes a customer's id or source id. */
export interface CustomerMethods {
  upsert(input: CustomerInput): Promise<Customer>;
  get(customer: string): Promise<Customer>;
  list(query?: ListQuery<"customers">): Promise<Page<Customer>>;
  update(customer: string, patch: CustomerPatch): Promise<Customer>;
  delete(customer: string): Promise<void>;
}

/** Publishing, and what has been published. */
export interface PublicationMethods {
  /** Gives the customer the voucher, or as many of the campaign's as asked, all or none; never one that was given before. */
  create(input: PublicationInput): Promise<Publication>;
  list(query?: PublicationQuery): Promise<Page<PublicationEntry>>;
  /** All matches, a page at a time, stable while others publish. */
  iterate(query?: PublicationFilters & Pick<PublicationQuery, "order">): AsyncIterable<PublicationEntry>;
  count(query?: PublicationFilters): Promise<number>;
  /**
   * What became of a publication whose outcome was unknown: it, or null if it has not happened. A server may go on with
   * what it was doing when the connection broke, so a null is final only once that has ended: ask again some seconds later.
   */
  resolve(publicationId: string): Promise<Publication | null>;
}

/** Every method rejects with an `OncecodeError`, and with nothing else but what your own callbacks throw. */
export interface Engine {
  readonly campaigns: CampaignMethods;
  readonly vouchers: VoucherMethods;
  readonly customers: CustomerMethods;
  readonly publications: PublicationMethods;
}

/** Of an engine whose repository can take part in a transaction of the host's. */
export interface TransactionalEngine<T> {
  /**
   * The same engine inside the host's own open transaction: what it publishes is there when the host commits, and
   * available again when the host rolls back.
   */
  within(transaction: T): Engine;
}
