import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import { voucherTypeOf } from "../domain/filter-conditions.ts";
import { and, type Filter, where } from "../domain/filters.ts";
import type { Instant, VoucherType } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { InputError } from "../errors.ts";
import { mapped, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { decodeList } from "./lists.ts";
import { flag, instant, oneOf, shortText } from "./text.ts";

const voucherType: t.Type<VoucherType> = mapped(
  "one of: discount, gift, loyalty, DISCOUNT_VOUCHER, GIFT_VOUCHER, LOYALTY_CARD, in any case",
  shortText,
  (text) => voucherTypeOf(text) ?? null,
);

const shorthands = struct(
  "a query, as an object",
  {},
  {
    campaign: shortText,
    customer: shortText,
    voucher: shortText,
    result: oneOf(["SUCCESS", "FAILURE"]),
    voucherType,
    isReferralCode: flag,
    sourceId: shortText,
    createdAt: struct("an object with before or after", {}, { before: instant, after: instant }),
  },
);

const filterIfGiven = <V>(value: V | undefined, filter: (value: V) => Filter): readonly Filter[] =>
  value === undefined ? [] : [filter(value)];

const shorthandFilters = (query: t.TypeOf<typeof shorthands>): readonly Filter[] => [
  ...filterIfGiven(query.customer, where("customerId").is),
  ...filterIfGiven(query.voucher, where("voucherCode").is),
  ...filterIfGiven(query.result, where("result").is),
  ...filterIfGiven(query.voucherType, where("voucherType").is),
  // Only `true` has an effect (contract 3.1).
  ...filterIfGiven(query.isReferralCode || undefined, where("isReferralCode").is),
  ...filterIfGiven(query.sourceId, where("sourceId").is),
  ...filterIfGiven<Instant>(query.createdAt?.after, where("createdAt").after),
  ...filterIfGiven<Instant>(query.createdAt?.before, where("createdAt").before),
];

/** A list of publications. The engine looks the campaign up by name, because an earlier campaign may have had the name. */
export interface PublicationListRequest extends ListRequest {
  readonly campaign: string | null;
}

/** Turns the short forms of a query into filters. */
export const decodePublicationQuery = (input: unknown): E.Either<InputError, PublicationListRequest> =>
  pipe(
    decodeList("publications")(input),
    E.flatMap((request) =>
      pipe(
        decode(shorthands, { code: "invalid_query_params" })(input),
        E.map((query) => ({
          ...request,
          filter: and(request.filter, ...shorthandFilters(query)),
          campaign: query.campaign ?? null,
        })),
      ),
    ),
  );
