import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as t from "io-ts";
import { checkFilter } from "../domain/checking.ts";
import { and } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { InputError } from "../errors.ts";
import { decodePlace } from "./places.ts";
import { decode } from "./report.ts";
import { struct } from "./shape.ts";

const filtered = struct("a query, as an object", {}, { filters: t.unknown });

/** What to list, and where to begin. */
export const decodeList =
  (kind: Kind) =>
  (input: unknown): E.Either<InputError, ListRequest> =>
    pipe(
      decodePlace(kind)(input),
      E.flatMap((place) =>
        pipe(
          decode(filtered, { code: "invalid_query_params" })(input),
          E.flatMap(({ filters = and() }) => checkFilter(kind)(filters)),
          E.map((filter) => ({ ...place, filter })),
        ),
      ),
    );
