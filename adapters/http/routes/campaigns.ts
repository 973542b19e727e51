import { and, type Campaign, type CampaignInput, type CampaignPatch, type Engine, where } from "oncecode";
import { badRequest, HttpError, withWirePaths } from "../api-errors.ts";
import { type Endpoint, type EndpointResponse, endpoint, ok } from "../endpoint.ts";
import { refuseImmutableChanges, refuseUnsupportedFields, VALIDITY_FIELDS } from "../requests/field-checks.ts";
import {
  createdOrUpdatedFilters,
  filterByParameter,
  filtersFrom,
  listQuery,
  refuseUnsupportedParameters,
} from "../requests/list-queries.ts";
import type { AsyncActionLog } from "../responses/async-action-log.ts";
import { acceptedResponse } from "../wire/async-actions.ts";
import {
  type CampaignWithCount,
  campaign,
  campaignPatch,
  campaignRequest,
  campaignSummary,
} from "../wire/campaigns.ts";
import { emptyObject, type Struct, type UnknownRecord } from "../wire/codecs.ts";
import { campaignsQuery, listEnvelope } from "../wire/lists.ts";

const campaignList: Struct<UnknownRecord> = listEnvelope("CampaignList", "campaigns", campaign);

const withVoucherCount = async (engine: Engine, one: Campaign): Promise<CampaignWithCount> => {
  const { total } = await engine.vouchers.list({ filters: where("campaignId").is(one.id), limit: 1 });
  return { ...one, vouchersCount: await total() };
};
const campaignResponse = async (engine: Engine, one: Campaign): Promise<EndpointResponse> =>
  ok(campaign.encode(await withVoucherCount(engine, one)));

/** The fields of a campaign that cannot be changed. In `voucher`, only `code_config` can. */
const IMMUTABLE_FIELDS = [
  "id",
  "name",
  "campaign_type",
  "auto_join",
  "voucher.type",
  "voucher.discount",
  "voucher.gift",
  "voucher.loyalty_card",
  "voucher.redemption",
  "voucher.is_referral_code",
] as const;

interface WireCampaignPatch extends CampaignPatch {
  readonly voucher?: { readonly codeConfig?: NonNullable<CampaignPatch["codeConfig"]> };
}
/** The engine refuses a body that is not an object. */
const patchOf = (body: WireCampaignPatch): CampaignPatch => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { voucher: template, ...patch } = body;
  if (template === undefined || template === null) return patch;
  if (typeof template !== "object")
    throw new HttpError(badRequest("invalid_payload", "Property .voucher must be an object"));
  return template.codeConfig === undefined || template.codeConfig === null
    ? patch
    : { ...patch, codeConfig: template.codeConfig };
};

const update = async (
  engine: Engine,
  name: string,
  patch: WireCampaignPatch,
  json: unknown,
): Promise<EndpointResponse> => {
  const current = await engine.campaigns.get(name);
  // The number of vouchers is not among the compared fields, so any number will do.
  refuseImmutableChanges("invalid_campaign", json, campaign.encode({ ...current, vouchersCount: 0 }), IMMUTABLE_FIELDS);
  const result = engine.campaigns.update(name, patchOf(patch));
  return campaignResponse(engine, await withWirePaths(result, { codeConfig: "voucher.code_config" }));
};

const summarize = async (engine: Engine, name: string): Promise<EndpointResponse> => {
  const { id } = await engine.campaigns.get(name);
  const [{ total, published, available, failed }, succeeded] = await Promise.all([
    engine.campaigns.summary(id),
    engine.publications.count({
      filters: and<"parentObjectId" | "result">(where("parentObjectId").is(id), where("result").is("SUCCESS")),
    }),
  ]);
  return ok(
    campaignSummary.encode({
      campaignId: id,
      vouchers: total,
      vouchersPublished: published,
      vouchersAvailable: available,
      publications: succeeded + failed,
      publicationsSucceeded: succeeded,
      publicationsFailed: failed,
    }),
  );
};

export const campaignEndpoints = (engine: Engine, actions: AsyncActionLog): readonly Endpoint[] => [
  endpoint<UnknownRecord, CampaignInput>(
    {
      method: "POST",
      path: "/v1/campaigns",
      access: "server",
      summary: "Create a campaign, with its vouchers",
      body: campaignRequest,
      response: { status: 200, codec: campaign },
    },
    async ({ body, wireBody, request }) => {
      refuseUnsupportedFields(wireBody, ["auto_join", "validation_rules", ...VALIDITY_FIELDS]);
      return campaignResponse(engine, await engine.campaigns.create(body, { signal: request.signal }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/campaigns",
      access: "server",
      summary: "List campaigns",
      query: campaignsQuery,
      response: { status: 200, codec: campaignList },
    },
    async ({ query, request }) => {
      refuseUnsupportedParameters(request, ["campaign_status", "is_referral_code"]);
      const filters = [
        ...filtersFrom("campaigns", query.filters),
        ...filterByParameter("campaigns", "campaign_type", query.campaignType),
        ...createdOrUpdatedFilters("campaigns", query),
      ];
      const { data, total } = await engine.campaigns.list(listQuery("campaigns", query, filters));
      const campaigns = await Promise.all(data.map((one) => withVoucherCount(engine, one)));
      return ok(campaignList.encode({ campaigns, total: await total() }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Get a campaign by name or id",
      response: { status: 200, codec: campaign },
    },
    async ({ param }) => campaignResponse(engine, await engine.campaigns.get(param("campaign"))),
  ),
  endpoint<UnknownRecord, WireCampaignPatch>(
    {
      method: "PUT",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Change a campaign: absent fields stay, metadata is merged by key",
      body: campaignPatch,
      response: { status: 200, codec: campaign },
    },
    ({ param, body, wireBody }) => update(engine, param("campaign"), body, wireBody),
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Delete a campaign with its vouchers. Its publications stay, and their codes stay taken",
      response: { status: 202, codec: acceptedResponse },
    },
    ({ param, requestId }) =>
      actions.run("CAMPAIGN.DELETE", requestId, async () => {
        await engine.campaigns.delete(param("campaign"));
        return { message: "The campaign was deleted", doneCount: 1 };
      }),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/campaigns/:campaign/summary",
      access: "server",
      summary: "Count the vouchers and publications of a campaign",
      response: { status: 200, codec: campaignSummary },
    },
    ({ param }) => summarize(engine, param("campaign")),
  ),
  ...(["enable", "disable"] as const).map((verb) =>
    endpoint(
      {
        method: "POST",
        path: `/v1/campaigns/:campaign/${verb}`,
        access: "server",
        summary: verb === "enable" ? "Enable a campaign" : "Disable a campaign. It still publishes",
        response: { status: 200, codec: emptyObject },
      },
      async ({ param }) => {
        await engine.campaigns[verb](param("campaign"));
        return ok({});
      },
    ),
  ),
];
