import * as E from "fp-ts/lib/Either.js";
import { castDraft } from "immer";
import { type InputError, inputError } from "../errors.ts";
import type { DraftCustomer } from "../repository.ts";
import type { Customer, CustomerId, Instant } from "./model.ts";
import type { CustomerChange, CustomerRequest, Profile } from "./requests.ts";
import { mergeMetadata, revise } from "./revisions.ts";

const NOBODY: Omit<Customer, "id" | "createdAt"> = {
  sourceId: null,
  name: null,
  email: null,
  phone: null,
  description: null,
  birthdate: null,
  address: null,
  metadata: {},
  updatedAt: null,
  revision: 1,
};

/** The customer with what the profile says: what is absent stays, metadata is merged by key (contract 2.7). */
const withProfile = (customer: Customer, { address, metadata, ...plain }: Profile, now: Instant): Customer =>
  revise(customer, now, (draft) => {
    Object.assign(draft, plain);
    if (address !== undefined && JSON.stringify(address) !== JSON.stringify(customer.address)) draft.address = address;
    if (metadata !== undefined) draft.metadata = castDraft(mergeMetadata(customer.metadata, metadata));
  });

export const changeCustomer = (
  customer: Customer,
  { sourceId, profile }: CustomerChange,
  now: Instant,
): E.Either<InputError, Customer> => {
  if (sourceId === undefined || sourceId === customer.sourceId) return E.right(withProfile(customer, profile, now));
  if (customer.sourceId !== null)
    return E.left(inputError("invalid_customer", "sourceId", `${customer.sourceId}: it cannot be changed once set`));
  const named = revise(customer, now, (draft) => {
    draft.sourceId = sourceId;
  });
  return E.right({ ...withProfile(named, profile, now), revision: named.revision });
};

const newCustomer = (request: CustomerRequest, id: CustomerId, now: Instant): Customer => ({
  ...NOBODY,
  ...request.profile,
  id,
  sourceId: request.by.type === "sourceId" ? request.by.sourceId : null,
  createdAt: now,
});

/** Whom a publication is for, and what has to be written for it, if anything. */
export interface ResolvedCustomer {
  readonly customer: Customer;
  readonly write: DraftCustomer;
}

export const resolveCustomer = (
  known: Customer | null,
  request: CustomerRequest,
  means: { readonly id: () => CustomerId; readonly now: Instant },
): ResolvedCustomer => {
  if (known === null) {
    const customer = newCustomer(request, means.id(), means.now);
    return { customer, write: { type: "write", write: { record: customer, replaces: null } } };
  }
  const told = Object.keys(request.profile).length > 0;
  const customer = told ? withProfile(known, request.profile, means.now) : known;
  return customer === known
    ? { customer, write: { type: "known", id: known.id } }
    : { customer, write: { type: "write", write: { record: customer, replaces: known.revision } } };
};
