import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import type { Customer, Kind, Records } from "./domain/model.ts";
import type { CustomerRequest } from "./domain/requests.ts";
import { type NotFound, notFound, type Resource, type StorageFailed } from "./errors.ts";
import type { EditableKind } from "./repository.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

const RESOURCE: Readonly<Record<EditableKind, Resource>> = {
  campaigns: "campaign",
  vouchers: "voucher",
  customers: "customer",
};
export const resourceOf = (kind: EditableKind): Resource => RESOURCE[kind];

const present =
  <K extends EditableKind>(kind: K, asked: string) =>
  (found: Records[K] | null): TE.TaskEither<NotFound, Records[K]> =>
    found === null ? TE.left(notFound(resourceOf(kind), asked)) : TE.right(found);

/** By its name (code, source id), or failing that by its id: the contract has one slot for both. */
export const findNamed = <K extends EditableKind>(
  { find }: Runtime,
  kind: K,
  nameOrId: string,
): TE.TaskEither<NotFound | StorageFailed, Records[K]> =>
  pipe(
    read(async () => (await find(kind, { name: nameOrId })) ?? (await find(kind, { id: nameOrId }))),
    TE.flatMap(present(kind, nameOrId)),
  );

export const findById = <K extends Kind>(
  { find }: Runtime,
  kind: K,
  id: string | null,
): TE.TaskEither<StorageFailed, Records[K] | null> => (id === null ? TE.right(null) : read(() => find(kind, { id })));

/** The customer of a request, or null for one that is to be made. An id must be there (contract 2.7). */
export const findCustomer = (
  { find }: Runtime,
  { by }: CustomerRequest,
): TE.TaskEither<NotFound | StorageFailed, Customer | null> => {
  switch (by.type) {
    case "id":
      return pipe(
        read(() => find("customers", { id: by.id })),
        TE.flatMap(present("customers", by.id)),
      );
    case "sourceId":
      return read(() => find("customers", { name: by.sourceId }));
    case "new":
      return TE.right(null);
  }
};
