import type { Address, Customer, CustomerId, Metadata } from "../domain/model.ts";
import type { ListQuery, Page } from "./lists.ts";

/** The customer of a publication, with today's data. */
export interface CustomerSummary {
  readonly id: CustomerId;
  readonly sourceId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: Metadata;
}

/**
 * A customer and a profile. `id` names an existing customer. `sourceId` names a customer that the engine creates if
 * there is none. The other fields are merged into the profile.
 */
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

/** A present field replaces the old value, null clears it, an absent field stays. Metadata is merged by key. */
export type CustomerPatch = Omit<CustomerInput, "id">;

/** The methods for customers. `customer` is a customer's id or source id. */
export interface CustomerMethods {
  upsert(input: CustomerInput): Promise<Customer>;
  get(customer: string): Promise<Customer>;
  list(query?: ListQuery<"customers">): Promise<Page<Customer>>;
  update(customer: string, patch: CustomerPatch): Promise<Customer>;
  delete(customer: string): Promise<void>;
}
