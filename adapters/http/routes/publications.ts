import type { Engine, MetadataSchema, Page, PublicationEntry, PublicationInput, PublicationQuery } from "oncecode";
import { badRequest, HttpError, methodNotAllowed } from "../api-errors.ts";
import type { AccessLevel, Endpoint, EndpointCall, EndpointResponse } from "../endpoint.ts";
import { endpoint, ok } from "../endpoint.ts";
import type { HandlerOptions } from "../options.ts";
import { createdOrUpdatedFilters, filtersFrom, listQuery } from "../requests/list-queries.ts";
import { typedMetadata } from "../requests/typed-metadata.ts";
import { isRecord, type Struct, type UnknownRecord } from "../wire/codecs.ts";
import { listEnvelope, publicationsQuery } from "../wire/lists.ts";
import {
  joinOnceQuery,
  publication,
  publicationEntry,
  publicationInQuery,
  publicationRequest,
  sourceQuery,
} from "../wire/publications.ts";
import { voucher } from "../wire/vouchers.ts";

const publicationList: Struct<UnknownRecord> = listEnvelope("PublicationList", "publications", publicationEntry);

/** The source id may also be in the header `Idempotency-Key`, as in other APIs. */
const sourceIdOf = ({ request }: EndpointCall, body: UnknownRecord): unknown =>
  body.sourceId ?? request.headers.get("Idempotency-Key") ?? undefined;

/** Null means absent (contract 1.3), so a null in the body must not hide a value of the query. */
const withoutNulls = (body: UnknownRecord): UnknownRecord =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** Merges the body with the values of the query. The engine refuses a body that is not an object. */
const inputOf = (call: EndpointCall, queryInput: UnknownRecord): PublicationInput => {
  const { body = {} } = call;
  if (!isRecord(body)) return body as PublicationInput;
  const bodyFields = withoutNulls(body);
  const { campaign } = bodyFields;
  const mergedFields: UnknownRecord = {
    ...queryInput,
    ...bodyFields,
    ...(isRecord(campaign) && { campaign: withoutNulls(campaign) }),
  };
  const joinOnce = queryInput.joinOnce === true ? true : mergedFields.joinOnce;
  return { ...mergedFields, sourceId: sourceIdOf(call, mergedFields), joinOnce } as unknown as PublicationInput;
};

const publish = async (engine: Engine, call: EndpointCall, queryInput: UnknownRecord = {}): Promise<EndpointResponse> =>
  ok(publication.encode(await engine.publications.create(inputOf(call, queryInput))));

/** Responds with the current loyalty card. The path names the campaign. A `voucher` in the body must be in that campaign. */
const publishCard = async (engine: Engine, call: EndpointCall): Promise<EndpointResponse> => {
  const { id, campaignType } = await engine.campaigns.get(call.param("campaign"));
  if (campaignType !== "LOYALTY_PROGRAM")
    throw new HttpError(badRequest("invalid_campaign", "The campaign must be a LOYALTY_PROGRAM"));
  const { body = {} } = call;
  const input = inputOf({ ...call, body: isRecord(body) ? { ...body, campaign: id } : body }, {});
  const requestedVoucher = isRecord(body) ? body.voucher : undefined;
  if (typeof requestedVoucher === "string" && (await engine.vouchers.get(requestedVoucher)).campaignId !== id)
    throw new HttpError(badRequest("invalid_voucher", "Property .voucher must be of the campaign"));
  const { voucher: card, codes } = await engine.publications.create(input);
  return ok(voucher.encode(card ?? (await engine.vouchers.get(codes[0] ?? ""))));
};

/** `GET /v1/publications/create` publishes when a link is opened. Anyone may open it, so it publishes at most one code. */
const publishByGet = async (
  engine: Engine,
  call: EndpointCall,
  schema: MetadataSchema | undefined,
): Promise<EndpointResponse> => {
  const { query, request } = call;
  // A `HEAD` request only previews the link, so it must not publish.
  if (request.method !== "GET") throw new HttpError(methodNotAllowed(request.method, ["GET"]));
  if (query.customer === undefined)
    throw new HttpError(badRequest("invalid_query_params", "Query should have required property 'customer'"));
  const count = isRecord(query.campaign) ? query.campaign.count : undefined;
  if (query.voucher === undefined && typeof count === "number" && count > 1)
    throw new HttpError(badRequest("too_many_vouchers_requested", "Only up to 1 can be published"));
  return publish(engine, { ...call, body: { ...query, metadata: typedMetadata(query.metadata, schema) } });
};

const publicationQuery = (query: UnknownRecord): PublicationQuery => {
  const { order: _order, filters, page: _page, limit: _limit, createdAt: _createdAt, ...shorthands } = query;
  const conditions = [...filtersFrom("publications", filters), ...createdOrUpdatedFilters("publications", query)];
  return { ...shorthands, ...listQuery("publications", query, conditions) };
};

const listResponse = async (page: Promise<Page<PublicationEntry>>): Promise<EndpointResponse> => {
  const { data, total } = await page;
  return ok(publicationList.encode({ publications: data, total: await total() }));
};

/** An endpoint that takes some of its input from the query. */
const publishEndpoint = (
  engine: Engine,
  path: string,
  access: AccessLevel,
  query: Struct<UnknownRecord>,
  summary: string,
): Endpoint =>
  endpoint(
    {
      method: "POST",
      path,
      access,
      summary,
      query,
      body: publicationRequest,
      response: { status: 200, codec: publication },
    },
    (call) => publish(engine, call, call.query),
  );

export const publicationEndpoints = (engine: Engine, { metadataSchemas }: HandlerOptions): readonly Endpoint[] => [
  publishEndpoint(
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
      response: { status: 200, codec: publicationList },
    },
    ({ query }) => listResponse(engine.publications.list(publicationQuery(query))),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/publications/create",
      access: "integration",
      summary: "Publish a voucher by GET, so that a link can do it",
      query: publicationInQuery,
      response: { status: 200, codec: publication },
    },
    (call) => publishByGet(engine, call, metadataSchemas?.publications),
  ),
  publishEndpoint(engine, "/client/v1/publish", "client", sourceQuery, "Publish a voucher from a web page"),
  publishEndpoint(engine, "/v1/vouchers/publish", "server", sourceQuery, "Publish, by the path of older clients"),
  endpoint(
    {
      method: "POST",
      path: "/v1/loyalties/:campaign/members",
      access: "server",
      summary: "Publish a loyalty card (path of older clients)",
      body: publicationRequest,
      response: { status: 200, codec: voucher },
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
      response: { status: 200, codec: publicationList },
    },
    async ({ param, query }) => {
      const { code } = await engine.vouchers.get(param("code"));
      const baseQuery = publicationQuery(query);
      return listResponse(engine.publications.list({ ...baseQuery, voucher: code }));
    },
  ),
];
