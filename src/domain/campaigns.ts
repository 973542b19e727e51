import * as E from "fp-ts/lib/Either.js";
import { castDraft } from "immer";
import { type InputError, inputError } from "../errors.ts";
import type { Campaign, CampaignId, Instant } from "./model.ts";
import type { CampaignChange, CampaignRequest } from "./requests.ts";
import { mergeMetadata, revise, withoutKeys } from "./revisions.ts";

/** A loyalty programme gives each customer one card. A STANDALONE campaign has no `joinOnce` (contract 1.10 and 2.4). */
const joinOnceOf = ({ type, campaignType, joinOnce }: Pick<Campaign, "type" | "campaignType" | "joinOnce">): boolean =>
  type !== "STANDALONE" && (joinOnce || campaignType === "LOYALTY_PROGRAM");

/** The host supplies the codes of a STANDALONE campaign. The engine never creates them (contract 1.10). */
export const checkGeneratesCodes = (
  { type }: Pick<Campaign, "type">,
  path: string,
  expected = "absent: a STANDALONE campaign creates no codes, so supply the codes",
): E.Either<InputError, void> =>
  type === "STANDALONE" ? E.left(inputError("invalid_campaign", path, expected)) : E.right(undefined);

/** A STANDALONE campaign keeps its type, and no other campaign becomes STANDALONE. */
export const checkType = (campaign: Campaign, change: CampaignChange): E.Either<InputError, CampaignChange> => {
  const { type = campaign.type } = change;
  if ((type === "STANDALONE") === (campaign.type === "STANDALONE")) return E.right(change);
  const expected =
    campaign.type === "STANDALONE" ? "STANDALONE: this campaign cannot change its type" : "STATIC or AUTO_UPDATE";
  return E.left(inputError("invalid_campaign", "type", expected));
};

export const newCampaign = (
  { vouchersCount: _, ...request }: CampaignRequest,
  id: CampaignId,
  now: Instant,
): Campaign => ({
  ...request,
  id,
  joinOnce: joinOnceOf(request),
  active: true,
  createdAt: now,
  updatedAt: null,
  revision: 1,
});

export const changeCampaign = (
  campaign: Campaign,
  { metadata, unsetMetadataFields, codeConfig, ...plain }: CampaignChange,
  now: Instant,
): Campaign =>
  revise(campaign, now, (copy) => {
    Object.assign(copy, plain);
    copy.joinOnce = joinOnceOf(copy);
    if (codeConfig !== undefined) Object.assign(copy.voucher.codeConfig, codeConfig);
    const merged = withoutKeys(mergeMetadata(campaign.metadata, metadata ?? {}), unsetMetadataFields ?? []);
    if (merged !== campaign.metadata) copy.metadata = castDraft(merged);
  });

/** The start date of a campaign or a voucher must be before its expiration date. */
export const checkPeriod = <R extends Pick<Campaign, "startDate" | "expirationDate">>(
  code: "invalid_campaign" | "invalid_voucher",
  record: R,
): E.Either<InputError, R> =>
  record.startDate !== null && record.expirationDate !== null && record.startDate >= record.expirationDate
    ? E.left(inputError(code, "expirationDate", `later than the start date, ${record.startDate}`))
    : E.right(record);
