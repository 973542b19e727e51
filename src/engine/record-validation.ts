import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { checkPeriod } from "../domain/campaigns.ts";
import { checkMetadata } from "../domain/metadata.ts";
import type { Kind, Metadata, VoucherRecord } from "../domain/model.ts";
import type { InputError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Checks the metadata of a record, or of a request for one, against the host's schema for its kind, if there is one. */
export const checkMetadataSchema =
  ({ options }: Runtime, kind: Kind, path = "metadata") =>
  <R extends { readonly metadata: Metadata }>(record: R): E.Either<InputError, R> => {
    const schema = options.metadataSchemas?.[kind];
    return schema === undefined ? E.right(record) : E.map(() => record)(checkMetadata(schema, record.metadata, path));
  };

/** What every voucher must be, whichever way it is made or changed. */
export const validateVoucher =
  (runtime: Runtime) =>
  (voucher: VoucherRecord): E.Either<InputError, VoucherRecord> =>
    pipe(checkPeriod("invalid_voucher", voucher), E.flatMap(checkMetadataSchema(runtime, "vouchers")));
