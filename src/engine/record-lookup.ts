import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Customer, Records, SuccessfulPublication } from "../domain/model.ts";
import type { CustomerRequest } from "../domain/requests.ts";
import { type NotFound, notFound, type Resource, type StorageFailed } from "../errors.ts";
import type { EditableKind, Ref } from "../repository.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

const RESOURCE: Readonly<Record<EditableKind, Resource>> = {
  campaigns: "campaign",
  vouchers: "voucher",
  customers: "customer",
};
export const resourceOf = (kind: EditableKind): Resource => RESOURCE[kind];

/** Finds a record by its name (code, source id), or else by its id. The contract has one field for both. */
export const findByNameOrId = <K extends EditableKind>(
  { find }: Runtime,
  kind: K,
  nameOrId: string,
): Promise<Records[K] | null> => find(kind, { name: nameOrId }).then((found) => found ?? find(kind, { id: nameOrId }));

/** Like `findByNameOrId`, but a missing record is an error. */
export const getByNameOrId =
  <K extends EditableKind>(
    runtime: Runtime,
    kind: K,
    nameOrId: string,
  ): TE.TaskEither<NotFound | StorageFailed, Records[K]> =>
  async () => {
    const found = await read(() => findByNameOrId(runtime, kind, nameOrId))();
    if (E.isLeft(found)) return found;
    return found.right === null ? E.left(notFound(resourceOf(kind), nameOrId)) : E.right(found.right);
  };

/** The successful publication with that id, or the one that owns that key; null if there is none. */
export const findSuccess = async ({ find }: Runtime, ref: Ref): Promise<SuccessfulPublication | null> => {
  const publication = await find("publications", ref);
  return publication?.result === "SUCCESS" ? publication : null;
};

/** The customer of a request; null if the customer has to be created. A customer named by id must exist (contract 2.7). */
export const findCustomer = async (
  { find }: Runtime,
  { identity }: CustomerRequest,
): Promise<E.Either<NotFound, Customer | null>> => {
  if (identity.type === "new") return E.right(null);
  const found = await find("customers", identity.type === "id" ? { id: identity.id } : { name: identity.sourceId });
  return found === null && identity.type === "id" ? E.left(notFound("customer", identity.id)) : E.right(found);
};
