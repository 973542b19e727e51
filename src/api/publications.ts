import type { FilterOf } from "../domain/filters.ts";
import type { Failure, Metadata, Success, VoucherType } from "../domain/model.ts";
import type { CustomerInput, CustomerSummary } from "./customers.ts";
import type { ListQuery, Page } from "./lists.ts";
import type { DateInput, Voucher } from "./vouchers.ts";

/** Publications as a host sees them: input, output and methods. */

interface PublicationDetails {
  readonly customer: CustomerSummary;
  /** The voucher as it is now, when the publication is of one code and the voucher is still there. */
  readonly voucher?: Voucher;
}

/** `codes` are the customer's, in the same order as `voucherIds`. */
export type Publication = Success & PublicationDetails;

/** What lists give: publications, and the attempts that failed. */
export type PublicationEntry = (Success | Failure) & PublicationDetails;

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
