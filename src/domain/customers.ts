import * as E from "fp-ts/lib/Either.js";
import { castDraft } from "immer";
import { type InputError, inputError } from "../errors.ts";
import type { DraftCustomer } from "../repository.ts";
import type { Customer, CustomerId, Instant } from "./model.ts";
import type { CustomerChange, CustomerRequest, Profile } from "./requests.ts";
import { mergeMetadata, revise } from "./revisions.ts";

const EMPTY_CUSTOMER: Omit<Customer, "id" | "createdAt"> = {
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

/** The customer with the profile's fields. Absent fields stay, metadata is merged by key (contract 2.7). */
const withProfile = (customer: Customer, { address, metadata, ...plain }: Profile, now: Instant): Customer =>
  revise(customer, now, (copy) => {
    Object.assign(copy, plain);
    if (address !== undefined && JSON.stringify(address) !== JSON.stringify(customer.address)) copy.address = address;
    if (metadata !== undefined) copy.metadata = castDraft(mergeMetadata(customer.metadata, metadata));
  });

export const changeCustomer = (
  customer: Customer,
  { sourceId, profile }: CustomerChange,
  now: Instant,
): E.Either<InputError, Customer> => {
  if (sourceId === undefined || sourceId === customer.sourceId) return E.right(withProfile(customer, profile, now));
  if (customer.sourceId !== null)
    return E.left(inputError("invalid_customer", "sourceId", `${customer.sourceId}: it cannot be changed once set`));
  const withSourceId = revise(customer, now, (copy) => {
    copy.sourceId = sourceId;
  });
  return E.right({ ...withProfile(withSourceId, profile, now), revision: withSourceId.revision });
};

const newCustomer = (request: CustomerRequest, id: CustomerId, now: Instant): Customer => ({
  ...EMPTY_CUSTOMER,
  ...request.profile,
  id,
  sourceId: request.identity.type === "sourceId" ? request.identity.sourceId : null,
  createdAt: now,
});

/** The customer of a publication. `draftCustomer` holds the write if the customer is new or its profile changes. */
export interface ResolvedCustomer {
  readonly customer: Customer;
  readonly draftCustomer: DraftCustomer;
}

export const resolveCustomer = (
  existing: Customer | null,
  request: CustomerRequest,
  inputs: { readonly id: () => CustomerId; readonly now: Instant },
): ResolvedCustomer => {
  if (existing === null) {
    const customer = newCustomer(request, inputs.id(), inputs.now);
    return { customer, draftCustomer: { type: "write", write: { record: customer, replaces: null } } };
  }
  const hasProfile = Object.keys(request.profile).length > 0;
  const customer = hasProfile ? withProfile(existing, request.profile, inputs.now) : existing;
  return customer === existing
    ? { customer, draftCustomer: { type: "known", id: existing.id } }
    : { customer, draftCustomer: { type: "write", write: { record: customer, replaces: existing.revision } } };
};
