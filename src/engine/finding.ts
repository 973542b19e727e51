import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Customer, Kind, Records } from "../domain/model.ts";
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

/** The first that is there, of several ways to ask for a record. */
const findFirst =
  <K extends EditableKind>(
    { find }: Runtime,
    kind: K,
    refs: readonly Ref[],
    asked: string,
  ): TE.TaskEither<NotFound | StorageFailed, Records[K]> =>
  async () => {
    for (const ref of refs) {
      const found = await read(() => find(kind, ref))();
      if (E.isLeft(found)) return found;
      if (found.right !== null) return E.right(found.right);
    }
    return E.left(notFound(resourceOf(kind), asked));
  };

/** By its name (code, source id), or failing that by its id: the contract has one slot for both. */
export const findNamed = <K extends EditableKind>(
  runtime: Runtime,
  kind: K,
  nameOrId: string,
): TE.TaskEither<NotFound | StorageFailed, Records[K]> =>
  findFirst(runtime, kind, [{ name: nameOrId }, { id: nameOrId }], nameOrId);

export const findById = <K extends Kind>(
  { find }: Runtime,
  kind: K,
  id: string,
): TE.TaskEither<StorageFailed, Records[K] | null> => read(() => find(kind, { id }));

/** The customer of a request, or null for one that is to be made. An id must be there (contract 2.7). */
export const findCustomer = (
  runtime: Runtime,
  { by }: CustomerRequest,
): TE.TaskEither<NotFound | StorageFailed, Customer | null> => {
  switch (by.type) {
    case "id":
      return findFirst(runtime, "customers", [{ id: by.id }], by.id);
    case "sourceId":
      return read(() => runtime.find("customers", { name: by.sourceId }));
    case "new":
      return async () => E.right(null);
  }
};
