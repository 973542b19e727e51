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
    path: string,
  ): TE.TaskEither<EngineError, void> =>
  async () => {
    if (!reportsGuessability(options)) return E.right(undefined);
    const id = campaign?.id ?? null;
    const liveCounts =
      id === null
        ? E.right([0])
        : await read(() => repository.count([{ kind: "vouchers", filter: where("campaignId").is(id) }]))();
    if (E.isLeft(liveCounts)) return liveCounts;
    const bits = guessBits(config, (liveCounts.right[0] ?? 0) + newCount);
    if (bits >= GUESS_BITS_MIN) return E.right(undefined);
    const expected = `harder to guess: one try in 2^${bits.toFixed(1)} would hit a live code, ${GUESS_BITS_MIN} bits are advised`;
    if (options.refuseGuessable === true) return E.left(inputError("invalid_code_config", path, expected));
    options.onWarning?.({
      code: "guessable_codes",
      message: `Codes should be ${expected}`,
      campaign: campaign?.name ?? null,
      bits,
    });
    return E.right(undefined);
  };
