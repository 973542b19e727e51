import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { ProgressOptions } from "../api/progress.ts";
import { checkGeneratesCodes } from "../domain/campaigns.ts";
import type { Campaign, Code } from "../domain/model.ts";
import type { CodeAdditions, GeneratedAdditions, VoucherChange } from "../domain/requests.ts";
import { campaignDefaults, newVoucher } from "../domain/vouchers.ts";
import { aborted, type EngineError, type InputError, notFound } from "../errors.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { decodeProgressOptions } from "../input/progress.ts";
import { decodeVouchersToAdd } from "../input/vouchers.ts";
import { voucherSeed } from "./code-generation.ts";
import { endOfTurn } from "./event-loop.ts";
import { checkGuessability } from "./guessability.ts";
import { getByNameOrId } from "./record-lookup.ts";
import { validateVoucher } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import {
  add,
  addGeneratedVouchers,
  batchMaxOf,
  checkCapacity,
  codeTaken,
  findTakenIndex,
  generationSpec,
  withDone,
} from "./stock.ts";

/** Adds vouchers to a campaign: `count` vouchers with generated codes, or one for each code of `codes`. */
export const addVouchers =
  (runtime: Runtime) =>
  (campaign: unknown, vouchers: unknown, options?: unknown): TE.TaskEither<EngineError, { readonly added: number }> =>
  async () => {
    const [nameOrId, additions, progressOptions] = [
      decodeNameOrId("campaign")(campaign),
      decodeVouchersToAdd(vouchers),
      decodeProgressOptions(options),
    ];
    if (E.isLeft(nameOrId)) return nameOrId;
    if (E.isLeft(additions)) return additions;
    if (E.isLeft(progressOptions)) return progressOptions;
    const found = await getByNameOrId(runtime, "campaigns", nameOrId.right)();
    if (E.isLeft(found)) return found;
    const added =
      "count" in additions.right
        ? await addByCount(runtime, found.right, additions.right, progressOptions.right)()
        : await addByCodes(runtime, found.right, additions.right, progressOptions.right)();
    return E.map((count: number) => ({ added: count }))(added);
  };

const addByCount =
  (
    runtime: Runtime,
    campaign: Campaign,
    { count, codeConfig, details }: GeneratedAdditions,
    progressOptions: ProgressOptions,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    const spec = { ...generationSpec(campaign), ...(codeConfig !== null && { config: codeConfig }), details };
    const { config } = spec;
    const path = codeConfig === null ? "count" : "codeConfig.pattern";
    const typeCheck = checkGeneratesCodes(campaign, "count");
    if (E.isLeft(typeCheck)) return typeCheck;
    const capacityCheck = checkCapacity(config, count, path);
    if (E.isLeft(capacityCheck)) return capacityCheck;
    const guessabilityCheck = await checkGuessability(runtime, config, campaign, count, "codeConfig.pattern")();
    if (E.isLeft(guessabilityCheck)) return guessabilityCheck;
    const detailsError = invalidDetails(runtime, campaign, details);
    return detailsError ?? addGeneratedVouchers(runtime, spec, count, progressOptions, path)();
  };

/** Checks the details once, on a voucher with any code, because they are the same for every code. */
const invalidDetails = (runtime: Runtime, campaign: Campaign, details: VoucherChange): E.Left<InputError> | null => {
  if (Object.keys(details).length === 0) return null;
  const checked = validateVoucher(runtime)(
    newVoucher(campaignDefaults(campaign), voucherSeed(runtime, "any" as Code), details),
  );
  return E.isLeft(checked) ? checked : null;
};

function* batches<A>(all: readonly A[], size: number): Generator<readonly A[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

/** Checks all codes before it adds the first. If another call takes a code meanwhile, the error names that code. */
const addByCodes =
  (
    runtime: Runtime,
    campaign: Campaign,
    { codes, details }: CodeAdditions,
    { onProgress, signal }: ProgressOptions,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    const detailsError = invalidDetails(runtime, campaign, details);
    if (detailsError !== null) return detailsError;
    const takenIndex = await findFirstTakenIndex(runtime, codes)();
    if (E.isLeft(takenIndex)) return takenIndex;
    if (takenIndex.right !== null)
      return E.left(codeTaken(`codes[${takenIndex.right}]`, codes[takenIndex.right] ?? ""));
    let done = 0;
    for (const batch of batches(codes, batchMaxOf(runtime))) {
      if (signal?.aborted === true) return E.left(aborted(done));
      const vouchers = batch.map((code) => newVoucher(campaignDefaults(campaign), voucherSeed(runtime, code), details));
      const added = await add(runtime, vouchers)();
      if (E.isLeft(added)) return E.left(withDone(done, added.left));
      if (added.right.includes("gone")) return E.left(withDone(done, notFound("campaign", campaign.name)));
      const conflictIndex = added.right.indexOf("taken");
      if (conflictIndex >= 0) {
        const addedCount = done + added.right.filter((result) => result === "added").length;
        return E.left(withDone(addedCount, codeTaken(`codes[${done + conflictIndex}]`, batch[conflictIndex] ?? "")));
      }
      done += batch.length;
      onProgress?.({ done, total: codes.length });
      await endOfTurn();
    }
    return E.right(done);
  };

const findFirstTakenIndex =
  (runtime: Runtime, codes: readonly Code[]): TE.TaskEither<EngineError, number | null> =>
  async () => {
    let offset = 0;
    for (const batch of batches(codes, batchMaxOf(runtime))) {
      const takenIndex = await findTakenIndex(runtime, batch)();
      if (E.isLeft(takenIndex)) return takenIndex;
      if (takenIndex.right !== null) return E.right(offset + takenIndex.right);
      offset += batch.length;
    }
    return E.right(null);
  };
