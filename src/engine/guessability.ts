import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { GUESS_BITS_MIN, guessBits } from "../domain/codes.ts";
import { where } from "../domain/filters.ts";
import type { Campaign, CodeConfig } from "../domain/model.ts";
import { type EngineError, inputError } from "../errors.ts";
import type { EngineOptions } from "../options.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

/** Whether the host has asked for this check, which costs a count of the codes. */
export const reportsGuessability = ({ onWarning, refuseGuessable }: EngineOptions): boolean =>
  onWarning !== undefined || refuseGuessable === true;

/** Warns of codes that are easy to guess, or refuses them, depending on the host's options. */
export const checkGuessability =
  (
    { options, repository }: Runtime,
    config: CodeConfig,
    campaign: Campaign | null,
    newCount: number,
    path: "campaign" | "codeConfig.pattern" | "voucher.codeConfig.pattern",
  ): TE.TaskEither<EngineError, void> =>
  async () => {
    if (!reportsGuessability(options)) return E.right(undefined);
    const id = campaign?.id ?? null;
    const existingCounts =
      id === null
        ? E.right([0])
        : await read(() => repository.count([{ kind: "vouchers", filter: where("campaignId").is(id) }]))();
    if (E.isLeft(existingCounts)) return existingCounts;
    const bits = guessBits(config, (existingCounts.right[0] ?? 0) + newCount);
    if (bits >= GUESS_BITS_MIN) return E.right(undefined);
    const advice = `harder to guess: one guess in 2^${bits.toFixed(1)} hits a code, and at least 2^${GUESS_BITS_MIN} are advised. Make the pattern longer, or the charset larger`;
    const expected = path === "campaign" ? `a campaign whose codes are ${advice}` : advice;
    if (options.refuseGuessable === true) return E.left(inputError("invalid_code_config", path, expected));
    options.onWarning?.({
      code: "guessable_codes",
      message: `Codes should be ${advice}`,
      campaign: campaign?.name ?? null,
      bits,
    });
    return E.right(undefined);
  };
