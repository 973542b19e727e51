import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as t from "io-ts";
import { checkFilter } from "../domain/filter-validation.ts";
import { and } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { InputError } from "../errors.ts";
import { struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { decodePageRequest } from "./page-requests.ts";

const queryWithFilters = struct("a query, as an object", {}, { filters: t.unknown });

/** Decodes a list query: its filter, order and page. */
export const decodeList =
  (kind: Kind) =>
  (input: unknown): E.Either<InputError, ListRequest> =>
    pipe(
      decodePageRequest(kind)(input),
      E.flatMap((page) =>
        pipe(
          decode(queryWithFilters, { code: "invalid_query_params" })(input),
          E.flatMap(({ filters = and() }) => checkFilter(kind)(filters)),
          E.map((filter) => ({ ...page, filter })),
        ),
      ),
    );
