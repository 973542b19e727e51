import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { checkPeriod } from "../domain/campaigns.ts";
import { validateMetadata } from "../domain/metadata-validation.ts";
import type { Kind, Metadata, VoucherRecord } from "../domain/model.ts";
import type { InputError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Checks the metadata of a record or a request against the host's schema for that kind, if there is a schema. */
export const checkMetadataSchema =
  ({ options }: Runtime, kind: Kind, path = "metadata") =>
  <R extends { readonly metadata: Metadata }>(record: R): E.Either<InputError, R> => {
    const schema = options.metadataSchemas?.[kind];
    return schema === undefined
      ? E.right(record)
      : E.map(() => record)(validateMetadata(schema, record.metadata, path));
  };

/** Checks the rules for every voucher, however it is created or changed. */
export const validateVoucher =
  (runtime: Runtime) =>
  (voucher: VoucherRecord): E.Either<InputError, VoucherRecord> =>
    pipe(checkPeriod("invalid_voucher", voucher), E.flatMap(checkMetadataSchema(runtime, "vouchers")));
