import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import type { Address, CustomerId } from "../domain/model.ts";
import { fieldOf } from "../domain/paths.ts";
import type { CustomerChange, CustomerRequest, Profile } from "../domain/requests.ts";
import { type InputError, inputError, missingCustomer } from "../errors.ts";
import { metadata } from "./json.ts";
import { decode } from "./report.ts";
import { absentOr, isObject, mapped, nullable, struct } from "./shape.ts";
import { birthdate, email, name, prose } from "./text.ts";

const line = nullable(name);
const lines = struct(
  "an address, as an object",
  {},
  { city: line, state: line, line1: line, line2: line, country: line, postalCode: line },
);
const NOWHERE: Address = { city: null, state: null, line1: null, line2: null, country: null, postalCode: null };
const address: t.Type<Address> = mapped(lines.name, lines, (given) => ({ ...NOWHERE, ...given }));

const profile: t.Type<Profile> = struct(
  "a customer, as an object",
  {},
  {
    name: nullable(name),
    email: nullable(email),
    phone: nullable(name),
    description: nullable(prose),
    birthdate: nullable(birthdate),
    address: nullable(address),
    metadata,
  },
);

const identity = struct("a customer, as an object", {}, { id: absentOr(name), sourceId: absentOr(name) });

/** What looks like an id is looked up as one, so it could never be found as a source id (contract 2.7). */
const ID = "cust_";

type Identified = CustomerRequest["by"];
const byName = (text: string): Identified =>
  text.startsWith(ID) ? { type: "id", id: text as CustomerId } : { type: "sourceId", sourceId: text };

const misleading = (path: string): InputError =>
  inputError("invalid_customer", fieldOf(path, "sourceId"), `a text that does not start with ${ID}`);

const identified = (path: string, given: t.TypeOf<typeof identity>): E.Either<InputError, Identified> => {
  const { id, sourceId } = given;
  if (id !== undefined) return E.right({ type: "id", id: id as CustomerId });
  if (sourceId === undefined) return E.right({ type: "new" });
  return sourceId.startsWith(ID) ? E.left(misleading(path)) : E.right(byName(sourceId));
};

const isNothing = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.values(value).every(isNothing));

const unknowable = (path: string): InputError =>
  inputError("invalid_customer", path, "a customer with an id, a sourceId, or something else that is known of them");

/** A customer of whom nothing is known could never be told from another. */
const isSomebody = ({ by, profile: known }: CustomerRequest): boolean =>
  by.type !== "new" || !Object.values(known).every(isNothing);

const described = (path: string): ((input: unknown) => E.Either<InputError, CustomerRequest>) => {
  const [decodeIdentity, decodeProfile] = [decode(identity, { path }), decode(profile, { path })];
  return (input) => {
    const given = decodeIdentity(input);
    if (E.isLeft(given)) return given;
    const by = identified(path, given.right);
    if (E.isLeft(by)) return by;
    const known = decodeProfile(input);
    if (E.isLeft(known)) return known;
    const request = { by: by.right, profile: known.right };
    return isSomebody(request) ? E.right(request) : E.left(unknowable(path));
  };
};

export const decodeCustomer: (input: unknown) => E.Either<InputError, CustomerRequest> = described("");

const PATH = "customer";
const decodeWhole = described(PATH);
const decodeName = decode(name, { code: "invalid_customer", path: PATH });

/** Whom a publication is for: an id or source id, or a customer, who may also be one that was fetched before. */
export const decodePublicationCustomer = (input: unknown): E.Either<InputError, CustomerRequest> => {
  if (input === undefined || input === null) return E.left(missingCustomer());
  if (typeof input !== "string") return decodeWhole(input);
  const text = decodeName(input);
  return E.isLeft(text) ? text : E.right({ by: byName(text.right), profile: {} });
};

const change = struct("a change to a customer, as an object", {}, { sourceId: nullable(name) });

export const decodeCustomerPatch = (input: unknown): E.Either<InputError, CustomerChange> =>
  pipe(
    decode(change)(input),
    E.filterOrElse(
      ({ sourceId }) => !sourceId?.startsWith(ID),
      () => misleading(""),
    ),
    E.flatMap((given) =>
      E.map((known: Profile): CustomerChange => ({ ...given, profile: known }))(decode(profile)(input)),
    ),
  );
