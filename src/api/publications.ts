import type { FilterOf } from "../domain/filters.ts";
import type { FailedPublication, Metadata, SuccessfulPublication, VoucherType } from "../domain/model.ts";
import type { CustomerInput, CustomerSummary } from "./customers.ts";
import type { ListQuery, Page } from "./lists.ts";
import type { DateInput, Voucher } from "./vouchers.ts";

interface PublicationDetails {
  readonly customer: CustomerSummary;
  /** The voucher with today's data. Absent for a failed publication, for several codes, and after the voucher was deleted. */
  readonly voucher?: Voucher;
}

/** A publication. `codes` and `voucherIds` have the same order. */
export type Publication = SuccessfulPublication & PublicationDetails;

/** An entry of a list: a publication, or a failed publication. */
export type PublicationEntry = (SuccessfulPublication | FailedPublication) & PublicationDetails;

/** One voucher, by its code or id; or `count` vouchers of a campaign, by its name or id. */
export type PublicationSource =
  | { readonly voucher: string }
  | { readonly campaign: string | { readonly name: string; readonly count?: number } };

/** A request to publish vouchers to a customer. */
export type PublicationInput = PublicationSource & {
  /** A `cust_…` id, your own id of the customer, or a profile. A null in a profile clears that field. */
  readonly customer: string | CustomerInput;
  /** `API` by default. */
  readonly channel?: string | null;
  readonly metadata?: Metadata | null;
  /** Your id of this request. A repeated request with this id returns the same publication. */
  readonly sourceId?: string | null;
  /** If the customer has a code of this campaign already, returns that publication. */
  readonly joinOnce?: boolean;
};

/** Short forms of common filters. All of them must match. */
export interface PublicationFilters {
  readonly filters?: FilterOf<"publications">;
  /** The campaign's name. */
  readonly campaign?: string;
  /** The customer's id. */
  readonly customer?: string;
  /** A code. */
  readonly voucher?: string;
  readonly result?: "SUCCESS" | "FAILURE";
  /** Short names work, too, in upper or lower case: `discount`, `gift`, `loyalty`. */
  readonly voucherType?: VoucherType | "discount" | "gift" | "loyalty";
  /** Only `true` has an effect. */
  readonly isReferralCode?: boolean;
  readonly sourceId?: string;
  readonly createdAt?: { readonly before?: DateInput; readonly after?: DateInput };
}

/** A query for a list of publications, with any of the short forms. */
export type PublicationQuery = ListQuery<"publications"> & PublicationFilters;

/** The methods for publications. */
export interface PublicationMethods {
  /** Publishes the voucher, or `count` vouchers of the campaign: all of them, or none. No voucher is ever published twice. */
  create(input: PublicationInput): Promise<Publication>;
  list(query?: PublicationQuery): Promise<Page<PublicationEntry>>;
  /** All matches. It reads one page at a time, and publications made meanwhile do not shift the pages. */
  iterate(query?: PublicationFilters & Pick<PublicationQuery, "order">): AsyncIterable<PublicationEntry>;
  count(query?: PublicationFilters): Promise<number>;
  /**
   * Finds the publication of an `outcome_unknown` error; null if it does not exist. A database server may finish a
   * statement after the connection broke. A null is final only when that statement has ended: ask again some seconds later.
   */
  resolve(publicationId: string): Promise<Publication | null>;
}
