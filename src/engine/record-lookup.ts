import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Customer, Records, Success } from "../domain/model.ts";
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

/** By its name (code, source id), or failing that by its id: the contract has one slot for both. */
export const findByNameOrId = <K extends EditableKind>(
  { find }: Runtime,
  kind: K,
  nameOrId: string,
): Promise<Records[K] | null> => find(kind, { name: nameOrId }).then((found) => found ?? find(kind, { id: nameOrId }));

/** The same for what has to be there. */
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

/** A publication that gave something, if there is one of that id, or one that owns that key. */
export const findSuccess = async ({ find }: Runtime, ref: Ref): Promise<Success | null> => {
  const publication = await find("publications", ref);
  return publication?.result === "SUCCESS" ? publication : null;
};

/** The customer of a request, or null for one that is to be made. An id must be there (contract 2.7). */
export const findCustomer = async (
  { find }: Runtime,
  { by }: CustomerRequest,
): Promise<E.Either<NotFound, Customer | null>> => {
  if (by.type === "new") return E.right(null);
  const found = await find("customers", by.type === "id" ? { id: by.id } : { name: by.sourceId });
  return found === null && by.type === "id" ? E.left(notFound("customer", by.id)) : E.right(found);
};
