import { and, type Campaign, type CampaignInput, type CampaignPatch, type Engine, where } from "oncecode";
import type { Actions } from "../answers/actions.ts";
import { type Answer, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { badRequest, placed, Refusal } from "../failures.ts";
import { refuseFixed, refuseRestrictions, VALIDITY } from "../requests/fixed.ts";
import { filtersIn, listQuery, periodsIn, refuseUnsupported, short } from "../requests/listing.ts";
import { accepted } from "../wire/actions.ts";
import { type CountedCampaign, campaign, campaignPatch, campaignRequest, campaignSummary } from "../wire/campaigns.ts";
import { campaignsQuery, listOf } from "../wire/lists.ts";
import { type Given, nothing, type Struct } from "../wire/shape.ts";

const campaignList: Struct<Given> = listOf("CampaignList", "campaigns", campaign);

const counted = async (engine: Engine, one: Campaign): Promise<CountedCampaign> => {
  const { total } = await engine.vouchers.list({ filters: where("campaignId").is(one.id), limit: 1 });
  return { ...one, vouchersCount: await total() };
};
const shown = async (engine: Engine, one: Campaign): Promise<Answer> => ok(campaign.encode(await counted(engine, one)));

/** What of a campaign is for good, but for how its codes are made. */
const FIXED = [
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

interface PatchOnTheWire extends CampaignPatch {
  readonly voucher?: { readonly codeConfig?: NonNullable<CampaignPatch["codeConfig"]> };
}
/** What is no object at all is for the engine to refuse. */
const patchOf = (body: PatchOnTheWire): CampaignPatch => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { voucher: template, ...patch } = body;
  if (template === undefined || template === null) return patch;
  if (typeof template !== "object")
    throw new Refusal(badRequest("invalid_payload", "Property .voucher must be an object"));
  return template.codeConfig === undefined || template.codeConfig === null
    ? patch
    : { ...patch, codeConfig: template.codeConfig };
};

const update = async (engine: Engine, name: string, patch: PatchOnTheWire, json: unknown): Promise<Answer> => {
  const current = await engine.campaigns.get(name);
  // How many vouchers there are is not fixed, so they need not be counted.
  refuseFixed("invalid_campaign", json, campaign.encode({ ...current, vouchersCount: 0 }), FIXED);
  const changing = engine.campaigns.update(name, patchOf(patch));
  return shown(engine, await placed(changing, { codeConfig: "voucher.code_config" }));
};

const summarize = async (engine: Engine, name: string): Promise<Answer> => {
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

export const campaignEndpoints = (engine: Engine, actions: Actions): readonly Endpoint[] => [
  endpoint<Given, CampaignInput>(
    {
      method: "POST",
      path: "/v1/campaigns",
      access: "server",
      summary: "Create a campaign, with its vouchers",
      body: campaignRequest,
      answer: { status: 200, is: campaign },
    },
    async ({ body, json, request }) => {
      refuseRestrictions(json, ["auto_join", "validation_rules", ...VALIDITY]);
      return shown(engine, await engine.campaigns.create(body, { signal: request.signal }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/campaigns",
      access: "server",
      summary: "List campaigns",
      query: campaignsQuery,
      answer: { status: 200, is: campaignList },
    },
    async ({ query, request }) => {
      refuseUnsupported(request, ["campaign_status", "is_referral_code"]);
      const filters = [
        ...filtersIn("campaigns", query.filters),
        ...short("campaigns", "campaign_type", query.campaignType),
        ...periodsIn("campaigns", query),
      ];
      const { data, total } = await engine.campaigns.list(listQuery("campaigns", query, filters));
      const campaigns = await Promise.all(data.map((one) => counted(engine, one)));
      return ok(campaignList.encode({ campaigns, total: await total() }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Get a campaign by name or id",
      answer: { status: 200, is: campaign },
    },
    async ({ param }) => shown(engine, await engine.campaigns.get(param("campaign"))),
  ),
  endpoint<Given, PatchOnTheWire>(
    {
      method: "PUT",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Change a campaign: what is absent stays, metadata is merged by key",
      body: campaignPatch,
      answer: { status: 200, is: campaign },
    },
    ({ param, body, json }) => update(engine, param("campaign"), body, json),
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/campaigns/:campaign",
      access: "server",
      summary: "Delete a campaign with its vouchers. Its publications stay, and their codes stay taken",
      answer: { status: 202, is: accepted },
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
      summary: "How a campaign stands",
      answer: { status: 200, is: campaignSummary },
    },
    ({ param }) => summarize(engine, param("campaign")),
  ),
  ...(["enable", "disable"] as const).map((verb) =>
    endpoint(
      {
        method: "POST",
        path: `/v1/campaigns/:campaign/${verb}`,
        access: "server",
        summary: verb === "enable" ? "Enable a campaign" : "Disable a campaign, which still publishes",
        answer: { status: 200, is: nothing },
      },
      async ({ param }) => {
        await engine.campaigns[verb](param("campaign"));
        return ok({});
      },
    ),
  ),
];
