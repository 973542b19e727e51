import * as E from "fp-ts/lib/Either.js";
import { checkMetadata } from "../domain/metadata.ts";
import type { Kind, Metadata } from "../domain/model.ts";
import type { InputError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Checks the metadata of a record, or of a request for one, against the host's schema for its kind, if there is one. */
export const conforming =
  ({ options }: Runtime, kind: Kind, path = "metadata") =>
  <R extends { readonly metadata: Metadata }>(record: R): E.Either<InputError, R> => {
    const schema = options.metadataSchemas?.[kind];
    return schema === undefined ? E.right(record) : E.map(() => record)(checkMetadata(schema, record.metadata, path));
  };
