import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import type { Address, CustomerId } from "../domain/model.ts";
import { fieldPath } from "../domain/paths.ts";
import type { CustomerChange, CustomerRequest, Profile } from "../domain/requests.ts";
import { type InputError, inputError, missingCustomer } from "../errors.ts";
import { absentOr, isObject, mapped, nullable, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { metadata } from "./json.ts";
import { birthdate, email, longText, shortText } from "./text.ts";

const addressLine = nullable(shortText);
const addressLines = struct(
  "an address, as an object",
  {},
  {
    city: addressLine,
    state: addressLine,
    line1: addressLine,
    line2: addressLine,
    country: addressLine,
    postalCode: addressLine,
  },
);
const EMPTY_ADDRESS: Address = { city: null, state: null, line1: null, line2: null, country: null, postalCode: null };
const address: t.Type<Address> = mapped(addressLines.name, addressLines, (fields) => ({ ...EMPTY_ADDRESS, ...fields }));

const profile: t.Type<Profile> = struct(
  "a customer, as an object",
  {},
  {
    name: nullable(shortText),
    email: nullable(email),
    phone: nullable(shortText),
    description: nullable(longText),
    birthdate: nullable(birthdate),
    address: nullable(address),
    metadata,
  },
);

const identity = struct("a customer, as an object", {}, { id: absentOr(shortText), sourceId: absentOr(shortText) });

/** The engine reads a text with this prefix as an id. A source id with this prefix could never be found (contract 2.7). */
const ID_PREFIX = "cust_";

type CustomerIdentity = CustomerRequest["identity"];
const identityFromText = (text: string): CustomerIdentity =>
  text.startsWith(ID_PREFIX) ? { type: "id", id: text as CustomerId } : { type: "sourceId", sourceId: text };

const idAsSourceId = (path: string): InputError =>
  inputError("invalid_customer", fieldPath(path, "sourceId"), `a text that does not start with ${ID_PREFIX}`);

const toIdentity = (path: string, fields: t.TypeOf<typeof identity>): E.Either<InputError, CustomerIdentity> => {
  const { id, sourceId } = fields;
  if (id !== undefined) return E.right({ type: "id", id: id as CustomerId });
  if (sourceId === undefined) return E.right({ type: "new" });
  return sourceId.startsWith(ID_PREFIX) ? E.left(idAsSourceId(path)) : E.right(identityFromText(sourceId));
};

const isEmpty = (value: unknown): boolean => value === null || (isObject(value) && Object.values(value).every(isEmpty));

const emptyCustomer = (path: string): InputError =>
  inputError("invalid_customer", path, "a customer with an id, a sourceId or at least one other property");

/** Nothing distinguishes a customer without any property from another one, so such a customer is refused. */
const isIdentifiable = ({ identity, profile }: CustomerRequest): boolean =>
  identity.type !== "new" || !Object.values(profile).every(isEmpty);

const customerDecoder = (path: string): ((input: unknown) => E.Either<InputError, CustomerRequest>) => {
  const [decodeIdentity, decodeProfile] = [decode(identity, { path }), decode(profile, { path })];
  return (input) => {
    const fields = decodeIdentity(input);
    if (E.isLeft(fields)) return fields;
    const identity = toIdentity(path, fields.right);
    if (E.isLeft(identity)) return identity;
    const profileResult = decodeProfile(input);
    if (E.isLeft(profileResult)) return profileResult;
    const request = { identity: identity.right, profile: profileResult.right };
    return isIdentifiable(request) ? E.right(request) : E.left(emptyCustomer(path));
  };
};

export const decodeCustomer: (input: unknown) => E.Either<InputError, CustomerRequest> = customerDecoder("");

const CUSTOMER_PATH = "customer";
const decodeCustomerObject = customerDecoder(CUSTOMER_PATH);
const decodeCustomerText = decode(shortText, { code: "invalid_customer", path: CUSTOMER_PATH });

/** Decodes the customer of a publication: an id, a source id, or an object, for example one from `customers.get`. */
export const decodePublicationCustomer = (input: unknown): E.Either<InputError, CustomerRequest> => {
  if (input === undefined || input === null) return E.left(missingCustomer());
  if (typeof input !== "string") return decodeCustomerObject(input);
  const text = decodeCustomerText(input);
  return E.isLeft(text) ? text : E.right({ identity: identityFromText(text.right), profile: {} });
};

const change = struct("a change to a customer, as an object", {}, { sourceId: nullable(shortText) });

export const decodeCustomerPatch = (input: unknown): E.Either<InputError, CustomerChange> =>
  pipe(
    decode(change)(input),
    E.filterOrElse(
      ({ sourceId }) => !sourceId?.startsWith(ID_PREFIX),
      () => idAsSourceId(""),
    ),
    E.flatMap((fields) =>
      E.map((newProfile: Profile): CustomerChange => ({ ...fields, profile: newProfile }))(decode(profile)(input)),
    ),
  );
