import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import { columnOf, ORDERS } from "../domain/attributes.ts";
import { instantOf } from "../domain/instants.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Kind } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import { type InputError, inputError } from "../errors.ts";
import { decodeCursor, type ListCursor } from "../list-cursor.ts";
import { absentOr, mapped, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { whole } from "./numbers.ts";
import { oneOf, text } from "./text.ts";

const code = "invalid_query_params";

interface Order {
  readonly by: string;
  readonly descending: boolean;
}
const NEWEST_FIRST: Order = { by: "createdAt", descending: true };

const orderOf = (kind: Kind): t.Type<Order> => {
  const names = ORDERS[kind].flatMap((by) => [by, `-${by}`]);
  return mapped(`one of: ${names.join(", ")}`, oneOf(names), (order) =>
    order.startsWith("-") ? { by: order.slice(1), descending: true } : { by: order, descending: false },
  );
};

const CURSOR_EXPECTED = "the `next` of a page of the same list, in the same order";

interface PageFields {
  readonly order?: Order;
  readonly limit?: number;
  readonly page?: number;
  readonly cursor?: ListCursor;
}

const pageFields = (kind: Kind): t.Type<PageFields> =>
  struct(
    "a query, as an object",
    {},
    {
      order: orderOf(kind),
      limit: whole(1, LIMITS.pageSize),
      page: whole(1),
      cursor: absentOr(mapped(CURSOR_EXPECTED, text(1, LIMITS.cursor), decodeCursor)),
    },
  );

const PAGE_FIELDS: { readonly [K in Kind]: t.Type<PageFields> } = {
  publications: pageFields("publications"),
  vouchers: pageFields("vouchers"),
  campaigns: pageFields("campaigns"),
  customers: pageFields("customers"),
};

/** In an order by date, the cursor's value must be a date. Otherwise a store with a date type would fail. */
const cursorFits = (
  kind: Kind,
  order: Order,
  { kind: listed, by, descending, position: { value } }: ListCursor,
): boolean =>
  listed === kind &&
  order.by === by &&
  order.descending === descending &&
  (columnOf(kind, by)?.type !== "instant" || value === null || instantOf(value) === value);

/** The page of a list. */
type PageRequest = Omit<ListRequest, "filter">;

const toPageRequest =
  (kind: Kind) =>
  ({
    order = NEWEST_FIRST,
    limit = LIMITS.pageSizeDefault,
    page = 1,
    cursor,
  }: PageFields): E.Either<InputError, PageRequest> => {
    if (page > LIMITS.page)
      return E.left(inputError("page_over_limit", "page", `${LIMITS.page} at most; further on, use cursor`));
    if (cursor !== undefined && !cursorFits(kind, order, cursor))
      return E.left(inputError(code, "cursor", CURSOR_EXPECTED));
    if (cursor !== undefined && page !== 1) return E.left(inputError(code, "page", "absent, where there is a cursor"));
    return E.right({ ...order, after: cursor?.position ?? null, offset: (page - 1) * limit, limit });
  };

export const decodePageRequest =
  (kind: Kind) =>
  (input: unknown): E.Either<InputError, PageRequest> =>
    pipe(decode(PAGE_FIELDS[kind], { code })(input), E.flatMap(toPageRequest(kind)));
