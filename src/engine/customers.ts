import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { changeCustomer, partyOf } from "../domain/customers.ts";
import type { Customer } from "../domain/model.ts";
import type { CustomerChange, CustomerRequest } from "../domain/requests.ts";
import { type EngineError, storageFailed } from "../errors.ts";
import { decodeCustomer, decodeCustomerPatch } from "../input/customers.ts";
import { decodeRef } from "../input/refs.ts";
import { conforming } from "./conforming.ts";
import { edit, remove } from "./edit.ts";
import { findCustomer, findNamed } from "./finding.ts";
import type { Runtime } from "./runtime.ts";
import { ROUNDS, read, write } from "./storage.ts";

/** Makes the customer, or merges what is given into the one that is there. */
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
    const made = runtime.ids.customer();
    for (let round = 0; round < ROUNDS; round++) {
      const found = await read(() => findCustomer(runtime, request))();
      if (E.isLeft(found)) return found;
      const known = found.right;
      if (E.isLeft(known)) return known;
      const { customer, write: needed } = partyOf(known.right, request, { id: () => made, now: runtime.now() });
      if (needed.type === "known") return E.right(customer);
      const conformed = conforming(runtime, "customers")(customer);
      if (E.isLeft(conformed)) return conformed;
      const put = await write(() => runtime.repository.put("customers", [needed.write]))();
      if (E.isLeft(put)) return put;
      if (put.right[0] === "written") return E.right(customer);
    }
    return E.left(storageFailed(new Error(`The customer was changed ${ROUNDS} times meanwhile`)));
  };

export const getCustomer =
  (runtime: Runtime) =>
  (customer: unknown): TE.TaskEither<EngineError, Customer> =>
    pipe(
      TE.fromEither(decodeRef("customer")(customer)),
      TE.flatMap((ref) => findNamed(runtime, "customers", ref)),
    );

export const updateCustomer =
  (runtime: Runtime) =>
  (customer: unknown, patch: unknown): TE.TaskEither<EngineError, Customer> =>
    pipe(
      TE.fromEither(
        pipe(
          decodeRef("customer")(customer),
          E.flatMap((ref) => E.map((change: CustomerChange) => ({ ref, change }))(decodeCustomerPatch(patch))),
        ),
      ),
      TE.flatMap(({ ref, change }) =>
        edit(runtime, "customers", ref, (current) =>
          pipe(changeCustomer(current, change, runtime.now()), E.flatMap(conforming(runtime, "customers"))),
        ),
      ),
    );

export const deleteCustomer =
  (runtime: Runtime) =>
  (customer: unknown): TE.TaskEither<EngineError, void> =>
    pipe(
      TE.fromEither(decodeRef("customer")(customer)),
      TE.flatMap((ref) => remove(runtime, "customers", ref)),
    );
