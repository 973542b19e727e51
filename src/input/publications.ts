import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import type { PublicationRequest } from "../domain/requests.ts";
import { type InputError, missingVouchers } from "../errors.ts";
import { absentOr, codec, struct } from "./codecs.ts";
import { decodePublicationCustomer } from "./customers.ts";
import { decode } from "./decode.ts";
import { metadata } from "./json.ts";
import { whole } from "./numbers.ts";
import { flag, shortText } from "./text.ts";

/** The channel of a request that names none (contract 2.9). */
const CHANNEL_DEFAULT = "API";

const publication = struct(
  "a publication, as an object",
  {},
  {
    voucher: absentOr(shortText),
    campaign: t.unknown,
    customer: t.unknown,
    channel: absentOr(shortText),
    metadata: absentOr(metadata),
    sourceId: absentOr(shortText),
    joinOnce: flag,
  },
);
type PublicationFields = t.TypeOf<typeof publication>;
type SourceRequest = PublicationRequest["source"];

const CAMPAIGN = "a campaign's name or id, or an object with its name";
const campaignObject = struct(CAMPAIGN, {}, { name: absentOr(shortText), id: absentOr(shortText), count: whole(1) });

/** The largest `count` is not checked here: contract 2.2 puts that rule after the rules for keys. */
const campaign: t.Type<SourceRequest> = codec(CAMPAIGN, (value, context): t.Validation<SourceRequest> => {
  if (typeof value === "string")
    return E.map((text: string): SourceRequest => ({ type: "campaign", campaign: text, count: 1 }))(
      shortText.validate(value, context),
    );
  const decoded = campaignObject.validate(value, context);
  if (E.isLeft(decoded)) return decoded;
  const { name: campaignName, id, count = 1 } = decoded.right;
  const nameOrId = campaignName ?? id;
  return nameOrId === undefined
    ? t.failure(undefined, t.appendContext(context, "name", shortText, value))
    : t.success({ type: "campaign", campaign: nameOrId, count });
});

const decodeFields = decode(publication);
const decodeCampaign = decode(campaign, { path: "campaign" });

/** If the input has both, `voucher` wins and `campaign` is ignored (contract 0.3). */
const sourceOf = (fields: PublicationFields): E.Either<InputError, SourceRequest | null> => {
  if (fields.voucher !== undefined) return E.right({ type: "voucher", voucher: fields.voucher });
  return fields.campaign === undefined || fields.campaign === null ? E.right(null) : decodeCampaign(fields.campaign);
};

/** Decodes in the order of contract 2.2: shape, source, customer. It uses plain ifs, which are faster than `pipe` here. */
export const decodePublication = (input: unknown): E.Either<InputError, PublicationRequest> => {
  const fields = decodeFields(input);
  if (E.isLeft(fields)) return fields;
  const source = sourceOf(fields.right);
  if (E.isLeft(source)) return source;
  if (source.right === null) return E.left(missingVouchers());
  const customer = decodePublicationCustomer(fields.right.customer);
  if (E.isLeft(customer)) return customer;
  const { channel = CHANNEL_DEFAULT, metadata: data = {}, sourceId = null, joinOnce = false } = fields.right;
  return E.right({ source: source.right, customer: customer.right, channel, metadata: data, sourceId, joinOnce });
};
