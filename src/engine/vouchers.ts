import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import type { Voucher } from "../api/vouchers.ts";
import { checkGeneratesCodes } from "../domain/campaigns.ts";
import { codeConfigOf } from "../domain/codes.ts";
import type { VoucherRecord } from "../domain/model.ts";
import type { VoucherChange, VoucherRequest } from "../domain/requests.ts";
import { campaignDefaults, changeVoucher, newVoucher, type VoucherDefaults } from "../domain/vouchers.ts";
import { type EngineError, inputError, notFound, outcomeUnknown } from "../errors.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { decodeVoucher, decodeVoucherPatch } from "../input/vouchers.ts";
import { voucherSeed } from "./code-generation.ts";
import { edit, remove } from "./edit.ts";
import { checkGuessability } from "./guessability.ts";
import { getByNameOrId } from "./record-lookup.ts";
import { validateVoucher } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { add, addGeneratedVoucher, codeTaken } from "./stock.ts";
import { read } from "./storage.ts";
import { loadVoucherView, voucherView } from "./views.ts";

const loadView =
  (runtime: Runtime) =>
  (voucher: VoucherRecord): TE.TaskEither<EngineError, Voucher> =>
    read(() => loadVoucherView(runtime)(voucher));

/** Creates one voucher, of a campaign or without one, with the given code or a generated one. */
export const createVoucher =
  (runtime: Runtime) =>
  (input: unknown): TE.TaskEither<EngineError, Voucher> =>
    pipe(
      TE.fromEither(decodeVoucher(input)),
      TE.flatMap((request) =>
        pipe(
          loadDefaults(runtime, request),
          TE.flatMap((defaults) => create(runtime, request, defaults)),
        ),
      ),
      TE.map((voucher) => voucherView(voucher, null)),
    );

const loadDefaults = (runtime: Runtime, request: VoucherRequest): TE.TaskEither<EngineError, VoucherDefaults> => {
  if (request.campaign === null) {
    const { benefit, isReferralCode } = request;
    return TE.right({ benefit, isReferralCode, redemption: { quantity: null }, campaign: null });
  }
  return pipe(
    getByNameOrId(runtime, "campaigns", request.campaign),
    TE.flatMapEither((campaign) => {
      const { type } = campaign.voucher;
      return request.type === null || request.type === type
        ? E.right(campaignDefaults(campaign))
        : E.left(inputError("invalid_voucher", "type", `${type}, as the campaign's vouchers are`));
    }),
  );
};

const create = (
  runtime: Runtime,
  request: VoucherRequest,
  defaults: VoucherDefaults,
): TE.TaskEither<EngineError, VoucherRecord> => {
  const { code, details } = request;
  return code === null
    ? createWithGeneratedCode(runtime, request, defaults)
    : pipe(
        TE.fromEither(validateVoucher(runtime)(newVoucher(defaults, voucherSeed(runtime, code), details))),
        TE.flatMap((voucher) => createWithCode(runtime, voucher)),
      );
};

const createWithCode = (runtime: Runtime, voucher: VoucherRecord): TE.TaskEither<EngineError, VoucherRecord> =>
  pipe(
    add(runtime, [voucher]),
    TE.flatMap(([added]) => {
      if (added === "added") return TE.right(voucher);
      return TE.left(added === "gone" ? notFound("campaign", voucher.campaign ?? "") : codeTaken("code", voucher.code));
    }),
  );

const createWithGeneratedCode = (
  runtime: Runtime,
  { codeConfig, details }: VoucherRequest,
  defaults: VoucherDefaults,
): TE.TaskEither<EngineError, VoucherRecord> =>
  pipe(
    TE.fromEither(
      defaults.campaign === null
        ? E.right(undefined)
        : checkGeneratesCodes(defaults.campaign, "code", "present: a STANDALONE campaign creates no codes"),
    ),
    TE.flatMapEither(() => codeConfigOf({})),
    TE.map((defaultConfig) => codeConfig ?? defaults.campaign?.voucher.codeConfig ?? defaultConfig),
    TE.flatMap((config) =>
      pipe(
        checkGuessability(runtime, config, defaults.campaign, 1, "codeConfig.pattern"),
        TE.flatMap(() => addGeneratedVoucher(runtime, defaults, config, details, validateVoucher(runtime))),
      ),
    ),
  );

export const getVoucher =
  (runtime: Runtime) =>
  (voucher: unknown): TE.TaskEither<EngineError, Voucher> =>
    pipe(
      TE.fromEither(decodeNameOrId("voucher")(voucher)),
      TE.flatMap((nameOrId) => getByNameOrId(runtime, "vouchers", nameOrId)),
      TE.flatMap(loadView(runtime)),
    );

const change = (
  runtime: Runtime,
  voucher: unknown,
  decoded: E.Either<EngineError, VoucherChange>,
): TE.TaskEither<EngineError, Voucher> =>
  pipe(
    TE.fromEither(decodeNameOrId("voucher")(voucher)),
    TE.flatMap((nameOrId) =>
      edit(runtime, "vouchers", nameOrId, (current) =>
        pipe(
          decoded,
          E.map((requestedChange) => changeVoucher(current, requestedChange, runtime.now())),
          E.flatMap(validateVoucher(runtime)),
        ),
      ),
    ),
    TE.flatMap((changed) => pipe(loadView(runtime)(changed), TE.mapLeft(asOutcomeUnknown))),
  );

/** The write has succeeded, so a failed read after it must not report that nothing was written. */
const asOutcomeUnknown = (error: EngineError): EngineError =>
  error.code === "storage_failed" ? outcomeUnknown(error.cause) : error;

export const updateVoucher =
  (runtime: Runtime) =>
  (voucher: unknown, patch: unknown): TE.TaskEither<EngineError, Voucher> =>
    change(runtime, voucher, decodeVoucherPatch(patch));

export const setVoucherActive =
  (runtime: Runtime, active: boolean) =>
  (voucher: unknown): TE.TaskEither<EngineError, Voucher> =>
    change(runtime, voucher, E.right({ active }));

export const deleteVoucher =
  (runtime: Runtime) =>
  (voucher: unknown): TE.TaskEither<EngineError, void> =>
    pipe(
      TE.fromEither(decodeNameOrId("voucher")(voucher)),
      TE.flatMap((nameOrId) => remove(runtime, "vouchers", nameOrId)),
    );
