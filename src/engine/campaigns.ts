import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import type { CampaignSummary } from "../api/campaigns.ts";
import type { ProgressOptions } from "../api/progress.ts";
import { changeCampaign, checkGeneratesCodes, checkPeriod, checkType, newCampaign } from "../domain/campaigns.ts";
import { and, where } from "../domain/filters.ts";
import type { Campaign, CampaignId, Instant } from "../domain/model.ts";
import type { CampaignRequest } from "../domain/requests.ts";
import { unexpiredAt } from "../domain/vouchers.ts";
import { duplicateFound, type EngineError } from "../errors.ts";
import { decodeCampaign, decodeCampaignPatch } from "../input/campaigns.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { decodeProgressOptions } from "../input/progress.ts";
import type { CountQuery } from "../repository.ts";
import { edit, remove } from "./edit.ts";
import { checkGuessability } from "./guessability.ts";
import { getByNameOrId } from "./record-lookup.ts";
import { checkMetadataSchema } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { addGeneratedVouchers, checkCapacity, generationSpec } from "./stock.ts";
import { read, write } from "./storage.ts";

const PATTERN_PATH = "voucher.codeConfig.pattern";

/** Creates the campaign, then its vouchers. */
export const createCampaign =
  (runtime: Runtime) =>
  (input: unknown, options?: unknown): TE.TaskEither<EngineError, Campaign> =>
    pipe(
      TE.fromEither(decodeProgressOptions(options)),
      TE.flatMap((progressOptions) =>
        pipe(
          TE.fromEither(decodeCampaign(input)),
          TE.flatMapEither(checkRequest(runtime)),
          TE.flatMap((request) => create(runtime, request, progressOptions)),
        ),
      ),
    );

const checkRequest =
  (runtime: Runtime) =>
  (request: CampaignRequest): E.Either<EngineError, CampaignRequest> =>
    pipe(
      request.vouchersCount === 0 ? E.right(undefined) : checkGeneratesCodes(request, "vouchersCount"),
      E.flatMap(() => checkCapacity(request.voucher.codeConfig, request.vouchersCount, PATTERN_PATH)),
      E.flatMap(() => checkMetadataSchema(runtime, "campaigns")(request)),
      E.flatMap((validRequest) => checkPeriod("invalid_campaign", validRequest)),
    );

const create = (
  runtime: Runtime,
  request: CampaignRequest,
  progressOptions: ProgressOptions,
): TE.TaskEither<EngineError, Campaign> => {
  const campaign = newCampaign(request, runtime.ids.campaign(), runtime.now());
  const { vouchersCount } = request;
  return pipe(
    checkGuessability(runtime, campaign.voucher.codeConfig, campaign, vouchersCount, PATTERN_PATH),
    TE.flatMap(() => write(() => runtime.repository.put("campaigns", [{ record: campaign, replaces: null }]))),
    TE.flatMap(
      ([putResult]): TE.TaskEither<EngineError, number> =>
        putResult === "written"
          ? addGeneratedVouchers(runtime, generationSpec(campaign), vouchersCount, progressOptions, PATTERN_PATH)
          : TE.left(duplicateFound("campaign", "name", campaign.name)),
    ),
    TE.map(() => campaign),
  );
};

export const getCampaign =
  (runtime: Runtime) =>
  (campaign: unknown): TE.TaskEither<EngineError, Campaign> =>
    pipe(
      TE.fromEither(decodeNameOrId("campaign")(campaign)),
      TE.flatMap((nameOrId) => getByNameOrId(runtime, "campaigns", nameOrId)),
    );

export const updateCampaign =
  (runtime: Runtime) =>
  (campaign: unknown, patch: unknown): TE.TaskEither<EngineError, Campaign> =>
    pipe(
      TE.fromEither(decodeNameOrId("campaign")(campaign)),
      TE.flatMap((nameOrId) =>
        edit(runtime, "campaigns", nameOrId, (current) =>
          pipe(
            decodeCampaignPatch(patch, current.voucher.codeConfig),
            E.flatMap((change) => checkType(current, change)),
            E.map((change) => changeCampaign(current, change, runtime.now())),
            E.flatMap((changed) => checkPeriod("invalid_campaign", changed)),
            E.flatMap(checkMetadataSchema(runtime, "campaigns")),
          ),
        ),
      ),
    );

/** Enables or disables a campaign. */
export const setCampaignActive =
  (runtime: Runtime, active: boolean) =>
  (campaign: unknown): TE.TaskEither<EngineError, Campaign> =>
    pipe(
      TE.fromEither(decodeNameOrId("campaign")(campaign)),
      TE.flatMap((nameOrId) =>
        edit(runtime, "campaigns", nameOrId, (current) => E.right(changeCampaign(current, { active }, runtime.now()))),
      ),
    );

export const deleteCampaign =
  (runtime: Runtime) =>
  (campaign: unknown): TE.TaskEither<EngineError, void> =>
    pipe(
      TE.fromEither(decodeNameOrId("campaign")(campaign)),
      TE.flatMap((nameOrId) => remove(runtime, "campaigns", nameOrId)),
    );

/** Counts everything at one instant, so that the numbers add up while other calls publish. */
export const summarizeCampaign =
  (runtime: Runtime) =>
  (campaign: unknown): TE.TaskEither<EngineError, CampaignSummary> =>
    pipe(
      getCampaign(runtime)(campaign),
      TE.flatMap(({ id }) => read(() => runtime.repository.count(summaryQueries(id, runtime.now())))),
      TE.map(([total = 0, published = 0, available = 0, failed = 0]) => ({ total, published, available, failed })),
    );

const summaryQueries = (campaign: CampaignId, now: Instant): readonly CountQuery[] => {
  const total = where("campaignId").is(campaign);
  const published = and<string>(total, where("publicationId").hasValue());
  const available = and<string>(total, where("publicationId").isUnknown(), where("active").is(true), unexpiredAt(now));
  const failed = and<string>(where("parentObjectId").is(campaign), where("result").is("FAILURE"));
  return [
    { kind: "vouchers", filter: total },
    { kind: "vouchers", filter: published },
    { kind: "vouchers", filter: available },
    { kind: "publications", filter: failed },
  ];
};
