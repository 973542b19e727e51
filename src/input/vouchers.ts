import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import type { CodeConfigRequest } from "../domain/codes.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Benefit, Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import { elementPath } from "../domain/paths.ts";
import type {
  CampaignOrBenefit,
  CodeAdditions,
  GeneratedAdditions,
  VoucherChange,
  VoucherImportRequest,
  VoucherRequest,
} from "../domain/requests.ts";
import { duplicateFound, type EngineError, type InputError, inputError } from "../errors.ts";
import { benefitFields, hasBenefit, toBenefit } from "./benefits.ts";
import { codeConfigRequest, toCodeConfig } from "./code-configs.ts";
import { absentOr, list, nullable, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { metadata } from "./json.ts";
import { whole } from "./numbers.ts";
import { code, flag, instant, longText, shortText } from "./text.ts";

export const redemption: t.Type<VoucherRecord["redemption"]> = struct(
  "an object with a quantity",
  { quantity: nullable(whole(1, LIMITS.quantity)) },
  {},
);

const details: t.Type<VoucherChange> = struct(
  "a voucher, as an object",
  {},
  {
    active: flag,
    startDate: nullable(instant),
    expirationDate: nullable(instant),
    redemption,
    additionalInfo: nullable(longText),
    metadata,
  },
);

export const decodeVoucherPatch: (input: unknown) => E.Either<InputError, VoucherChange> = decode(details);

const voucherFields = struct(
  "a voucher, as an object",
  {},
  {
    ...benefitFields,
    campaign: absentOr(shortText),
    isReferralCode: absentOr(flag),
    code: absentOr(code),
    codeConfig: absentOr(codeConfigRequest),
  },
);
type VoucherFields = t.TypeOf<typeof voucherFields>;

/** The campaign sets the benefit of its vouchers. A voucher of a campaign with a benefit of its own is refused. */
const campaignOrBenefit = (fields: VoucherFields): E.Either<InputError, CampaignOrBenefit> => {
  const { campaign, isReferralCode = false } = fields;
  if (campaign === undefined)
    return E.map((benefit: Benefit) => ({ campaign: null, benefit, isReferralCode }))(toBenefit(fields, ""));
  return hasBenefit(fields)
    ? E.left(inputError("invalid_voucher", "campaign", "absent, where the voucher has a benefit of its own"))
    : E.right({ campaign, benefit: null, isReferralCode: null });
};

const ownCodeConfig = ({
  codeConfig,
}: {
  readonly codeConfig?: CodeConfigRequest | undefined;
}): E.Either<InputError, CodeConfig | null> =>
  codeConfig === undefined ? E.right(null) : toCodeConfig(codeConfig, "codeConfig");

export const decodeVoucher = (input: unknown): E.Either<InputError, VoucherRequest> =>
  pipe(
    decode(voucherFields)(input),
    E.flatMap((fields) =>
      pipe(
        campaignOrBenefit(fields),
        E.flatMap((benefitSource) =>
          E.map((codeConfig: CodeConfig | null) => ({
            ...benefitSource,
            type: fields.type ?? null,
            code: fields.code ?? null,
            codeConfig,
          }))(ownCodeConfig(fields)),
        ),
      ),
    ),
    E.flatMap((request) =>
      E.map((change: VoucherChange) => ({ ...request, details: change }))(decodeVoucherPatch(input)),
    ),
  );

const voucherWithCode = struct("a code, or a voucher with one, as an object", { code }, {});

/** Decodes one voucher of an import: a code, or an object with a code. */
export const decodeImport = (input: unknown): E.Either<InputError, VoucherImportRequest> =>
  typeof input === "string"
    ? E.map((importedCode: Code) => ({ code: importedCode, details: {} }))(decode(code)(input))
    : pipe(
        decode(voucherWithCode)(input),
        E.flatMap((fields) =>
          E.map((change: VoucherChange) => ({ code: fields.code, details: change }))(decodeVoucherPatch(input)),
        ),
      );

const additions = struct(
  "an object with either a count or codes",
  {},
  {
    count: absentOr(whole(1, LIMITS.vouchers)),
    codes: absentOr(list(code, "codes", 1, LIMITS.vouchers)),
    codeConfig: absentOr(codeConfigRequest),
  },
);

const toCodeAdditions = (codes: readonly Code[], details: VoucherChange): E.Either<EngineError, CodeAdditions> => {
  const seen = new Set<Code>();
  for (const [index, code] of codes.entries()) {
    if (seen.has(code)) return E.left(duplicateFound("voucher", elementPath("codes", index), code));
    seen.add(code);
  }
  return E.right({ codes, details });
};

type Additions = GeneratedAdditions | CodeAdditions;
type AdditionFields = t.TypeOf<typeof additions>;

const toAdditions = (
  { count, codes, codeConfig }: AdditionFields,
  details: VoucherChange,
): E.Either<EngineError, Additions> => {
  if (codes === undefined && count !== undefined)
    return E.map((config: CodeConfig | null) => ({ count, codeConfig: config, details }))(
      ownCodeConfig({ codeConfig }),
    );
  if (codes !== undefined && count === undefined) return toCodeAdditions(codes, details);
  return E.left(
    codes === undefined
      ? inputError("invalid_payload", "count", `${whole(1, LIMITS.vouchers).name}, where there are no codes`)
      : inputError("invalid_payload", "count", "absent, where there are codes"),
  );
};

export const decodeVouchersToAdd = (input: unknown): E.Either<EngineError, Additions> =>
  pipe(
    decode(additions)(input),
    E.flatMap((fields) =>
      pipe(
        decodeVoucherPatch(input),
        E.flatMap((details) => toAdditions(fields, details)),
      ),
    ),
  );
