import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { changeCustomer, resolveCustomer } from "../domain/customers.ts";
import type { Customer } from "../domain/model.ts";
import type { CustomerChange, CustomerRequest } from "../domain/requests.ts";
import { type EngineError, storageFailed } from "../errors.ts";
import { decodeCustomer, decodeCustomerPatch } from "../input/customers.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { edit, remove } from "./edit.ts";
import { findCustomer, getByNameOrId } from "./record-lookup.ts";
import { checkMetadataSchema } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { read, TRIES_MAX, write } from "./storage.ts";

/** Creates the customer, or merges the input into the existing customer. */
export const upsertCustomer =
  (runtime: Runtime) =>
  (input: unknown): TE.TaskEither<EngineError, Customer> =>
    pipe(
      TE.fromEither(decodeCustomer(input)),
      TE.flatMap((request) => upsert(runtime, request)),
    );

const upsert =
  (runtime: Runtime, request: CustomerRequest): TE.TaskEither<EngineError, Customer> =>
  async () => {
    const newId = runtime.ids.customer();
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const found = await read(() => findCustomer(runtime, request))();
      if (E.isLeft(found)) return found;
      const existingCustomer = found.right;
      if (E.isLeft(existingCustomer)) return existingCustomer;
      const { customer, draftCustomer } = resolveCustomer(existingCustomer.right, request, {
        id: () => newId,
        now: runtime.now(),
      });
      if (draftCustomer.type === "known") return E.right(customer);
      const validCustomer = checkMetadataSchema(runtime, "customers")(customer);
      if (E.isLeft(validCustomer)) return validCustomer;
      const putResults = await write(() => runtime.repository.put("customers", [draftCustomer.write]))();
      if (E.isLeft(putResults)) return putResults;
      if (putResults.right[0] === "written") return E.right(customer);
    }
    return E.left(storageFailed(new Error(`The customer changed during each of ${TRIES_MAX} tries: try again later`)));
  };

export const getCustomer =
  (runtime: Runtime) =>
  (customer: unknown): TE.TaskEither<EngineError, Customer> =>
    pipe(
      TE.fromEither(decodeNameOrId("customer")(customer)),
      TE.flatMap((nameOrId) => getByNameOrId(runtime, "customers", nameOrId)),
    );

export const updateCustomer =
  (runtime: Runtime) =>
  (customer: unknown, patch: unknown): TE.TaskEither<EngineError, Customer> =>
    pipe(
      TE.fromEither(
        pipe(
          decodeNameOrId("customer")(customer),
          E.flatMap((nameOrId) =>
            E.map((change: CustomerChange) => ({ nameOrId, change }))(decodeCustomerPatch(patch)),
          ),
        ),
      ),
      TE.flatMap(({ nameOrId, change }) =>
        edit(runtime, "customers", nameOrId, (current) =>
          pipe(changeCustomer(current, change, runtime.now()), E.flatMap(checkMetadataSchema(runtime, "customers"))),
        ),
      ),
    );

export const deleteCustomer =
  (runtime: Runtime) =>
  (customer: unknown): TE.TaskEither<EngineError, void> =>
    pipe(
      TE.fromEither(decodeNameOrId("customer")(customer)),
      TE.flatMap((nameOrId) => remove(runtime, "customers", nameOrId)),
    );
