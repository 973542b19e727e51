import type { Engine, MetadataSchema, Page, PublicationEntry, PublicationInput, PublicationQuery } from "oncecode";
import type { Access, Answer, Call, Endpoint } from "../endpoint.ts";
import { endpoint, ok } from "../endpoint.ts";
import { badRequest, methodNotAllowed, Refusal } from "../failures.ts";
import type { HandlerOptions } from "../options.ts";
import { filtersIn, listQuery, periodsIn } from "../requests/listing.ts";
import { typedMetadata } from "../requests/typed-metadata.ts";
import { listOf, publicationsQuery } from "../wire/lists.ts";
import {
  joinOnceQuery,
  publication,
  publicationEntry,
  publicationInQuery,
  publicationRequest,
  sourceQuery,
} from "../wire/publications.ts";
import { type Given, isRecord, type Struct } from "../wire/shape.ts";
import { voucher } from "../wire/vouchers.ts";

const publicationList: Struct<Given> = listOf("PublicationList", "publications", publicationEntry);

/** A request may name itself in a header, too, as is the custom elsewhere. */
const sourceIdOf = ({ request }: Call, body: Given): unknown =>
  body.sourceId ?? request.headers.get("Idempotency-Key") ?? undefined;

/** Null is as good as absent (contract 1.3), so that it does not hide what the query has. */
const withoutNulls = (body: Given): Given =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** The body, and what the query has of it. A body that is no object is refused by the engine. */
const inputOf = (call: Call, more: Given): PublicationInput => {
  const { body = {} } = call;
  if (!isRecord(body)) return body as PublicationInput;
  const given = withoutNulls(body);
  const { campaign } = given;
  const asked: Given = { ...more, ...given, ...(isRecord(campaign) && { campaign: withoutNulls(campaign) }) };
  const joinOnce = more.joinOnce === true ? true : asked.joinOnce;
  return { ...asked, sourceId: sourceIdOf(call, asked), joinOnce } as unknown as PublicationInput;
};

const publish = async (engine: Engine, call: Call, more: Given = {}): Promise<Answer> =>
  ok(publication.encode(await engine.publications.create(inputOf(call, more))));

/** The answer is the card, as it is now. The campaign is the path's; a `voucher` in the body must be of it. */
const publishCard = async (engine: Engine, call: Call): Promise<Answer> => {
  const { id, campaignType } = await engine.campaigns.get(call.param("campaign"));
  if (campaignType !== "LOYALTY_PROGRAM")
    throw new Refusal(badRequest("invalid_campaign", "The campaign must be a LOYALTY_PROGRAM"));
  const { body = {} } = call;
  const input = inputOf({ ...call, body: isRecord(body) ? { ...body, campaign: id } : body }, {});
  const named = isRecord(body) ? body.voucher : undefined;
  if (typeof named === "string" && (await engine.vouchers.get(named)).campaignId !== id)
    throw new Refusal(badRequest("invalid_voucher", "Property .voucher must be of the campaign"));
  const { voucher: card, codes } = await engine.publications.create(input);
  return ok(voucher.encode(card ?? (await engine.vouchers.get(codes[0] ?? ""))));
};

/** Anybody who follows a link publishes, so that it gives one code at most. */
const publishByGet = async (engine: Engine, call: Call, schema: MetadataSchema | undefined): Promise<Answer> => {
  const { query, request } = call;
  // Whoever only looks at a link must not use it up.
  if (request.method !== "GET") throw new Refusal(methodNotAllowed(request.method, ["GET"]));
  if (query.customer === undefined)
    throw new Refusal(badRequest("invalid_query_params", "Query should have required property 'customer'"));
  const count = isRecord(query.campaign) ? query.campaign.count : undefined;
  if (query.voucher === undefined && typeof count === "number" && count > 1)
    throw new Refusal(badRequest("too_many_vouchers_requested", "Only up to 1 can be published"));
  return publish(engine, { ...call, body: { ...query, metadata: typedMetadata(query.metadata, schema) } });
};

const publicationQuery = (query: Given): PublicationQuery => {
  const { order: _order, filters, page: _page, limit: _limit, createdAt: _createdAt, ...shorthands } = query;
  const conditions = [...filtersIn("publications", filters), ...periodsIn("publications", query)];
  return { ...shorthands, ...listQuery("publications", query, conditions) };
};

const listed = async (page: Promise<Page<PublicationEntry>>): Promise<Answer> => {
  const { data, total } = await page;
  return ok(publicationList.encode({ publications: data, total: await total() }));
};

/** Some callers have part of what they ask for in the query. */
const publishing = (engine: Engine, path: string, access: Access, query: Struct<Given>, summary: string): Endpoint =>
  endpoint(
    {
      method: "POST",
      path,
      access,
      summary,
      query,
      body: publicationRequest,
      answer: { status: 200, is: publication },
    },
    (call) => publish(engine, call, call.query),
  );

export const publicationEndpoints = (engine: Engine, { metadataSchemas }: HandlerOptions): readonly Endpoint[] => [
  publishing(
    engine,
    "/v1/publications",
    "server",
    joinOnceQuery,
    "Publish a voucher, or several of a campaign, to a customer",
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/publications",
      access: "server",
      summary: "List publications, newest first",
      query: publicationsQuery,
      answer: { status: 200, is: publicationList },
    },
    ({ query }) => listed(engine.publications.list(publicationQuery(query))),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/publications/create",
      access: "integration",
      summary: "Publish a voucher by following a link",
      query: publicationInQuery,
      answer: { status: 200, is: publication },
    },
    (call) => publishByGet(engine, call, metadataSchemas?.publications),
  ),
  publishing(engine, "/client/v1/publish", "client", sourceQuery, "Publish a voucher from a web page"),
  publishing(engine, "/v1/vouchers/publish", "server", sourceQuery, "Publish, by the path of older clients"),
  endpoint(
    {
      method: "POST",
      path: "/v1/loyalties/:campaign/members",
      access: "server",
      summary: "Publish a loyalty card, by the path of older clients",
      body: publicationRequest,
      answer: { status: 200, is: voucher },
    },
    (call) => publishCard(engine, call),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/vouchers/:code/publications",
      access: "server",
      summary: "List the publications of a voucher",
      query: publicationsQuery,
      answer: { status: 200, is: publicationList },
    },
    async ({ param, query }) => {
      const { code } = await engine.vouchers.get(param("code"));
      const asked = publicationQuery(query);
      return listed(engine.publications.list({ ...asked, voucher: code }));
    },
  ),
];
