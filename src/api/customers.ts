import type { Address, Customer, CustomerId, Metadata } from "../domain/model.ts";
import type { ListQuery, Page } from "./lists.ts";

/** Customers as a host sees them: input, output and methods. */

/** What a publication shows of its customer, as the customer is now. */
export interface CustomerSummary {
  readonly id: CustomerId;
  readonly sourceId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: Metadata;
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

/** Each takes a customer's id or source id. */
export interface CustomerMethods {
  upsert(input: CustomerInput): Promise<Customer>;
  get(customer: string): Promise<Customer>;
  list(query?: ListQuery<"customers">): Promise<Page<Customer>>;
  update(customer: string, patch: CustomerPatch): Promise<Customer>;
  delete(customer: string): Promise<void>;
}
