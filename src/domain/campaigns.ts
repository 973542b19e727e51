import * as E from "fp-ts/lib/Either.js";
import { castDraft } from "immer";
import { type InputError, inputError } from "../errors.ts";
import type { Campaign, CampaignId, Instant } from "./model.ts";
import type { CampaignChange, CampaignRequest } from "./requests.ts";
import { mergeMetadata, revise, withoutKeys } from "./revisions.ts";

/** A loyalty programme gives a customer one card, and nobody joins a standalone campaign (contract 1.10 and 2.4). */
const joinOnceOf = ({ type, campaignType, joinOnce }: Pick<Campaign, "type" | "campaignType" | "joinOnce">): boolean =>
  type !== "STANDALONE" && (joinOnce || campaignType === "LOYALTY_PROGRAM");

/** Codes of a standalone campaign are given, never made (contract 1.10). */
export const checkGeneratesCodes = ({ type }: Pick<Campaign, "type">, path: string): E.Either<InputError, void> =>
  type === "STANDALONE"
    ? E.left(
        inputError("invalid_campaign", path, "absent: a STANDALONE campaign takes vouchers with codes, and makes none"),
      )
    : E.right(undefined);

/** A campaign is standalone for good, or never. */
export const checkType = (campaign: Campaign, change: CampaignChange): E.Either<InputError, CampaignChange> => {
  const { type = campaign.type } = change;
  if ((type === "STANDALONE") === (campaign.type === "STANDALONE")) return E.right(change);
  const expected = campaign.type === "STANDALONE" ? "STANDALONE, as it is" : "STATIC or AUTO_UPDATE";
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
  revise(campaign, now, (draft) => {
    Object.assign(draft, plain);
    draft.joinOnce = joinOnceOf(draft);
    if (codeConfig !== undefined) Object.assign(draft.voucher.codeConfig, codeConfig);
    const merged = withoutKeys(mergeMetadata(campaign.metadata, metadata ?? {}), unsetMetadataFields ?? []);
    if (merged !== campaign.metadata) draft.metadata = castDraft(merged);
  });

/** The period of a campaign or a voucher has to begin before it ends. */
export const checkPeriod = <R extends Pick<Campaign, "startDate" | "expirationDate">>(
  code: "invalid_campaign" | "invalid_voucher",
  record: R,
): E.Either<InputError, R> =>
  record.startDate !== null && record.expirationDate !== null && record.startDate >= record.expirationDate
    ? E.left(inputError(code, "expirationDate", `later than the start date, ${record.startDate}`))
    : E.right(record);

/** Nobody wants a code that is dead when they get it. */
export const hasExpired = ({ expirationDate }: Pick<Campaign, "expirationDate">, now: Instant): boolean =>
  expirationDate !== null && expirationDate <= now;
