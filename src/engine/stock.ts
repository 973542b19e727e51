import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { ProgressOptions } from "../api/progress.ts";
import { capacity } from "../domain/codes.ts";
import { where } from "../domain/filters.ts";
import type { Campaign, Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { campaignDefaults, newVoucher, type VoucherDefaults } from "../domain/vouchers.ts";
import { aborted, duplicateFound, type EngineError, inputError, notFound } from "../errors.ts";
import type { AddResult } from "../repository.ts";
import { codeBatches, newVouchers, voucherSeed } from "./code-generation.ts";
import { endOfTurn } from "./event-loop.ts";
import type { Runtime } from "./runtime.ts";
import { read, write } from "./storage.ts";

/** The largest number of vouchers in one call to the store. Progress is reported after each such call. It also bounds the memory. */
export const batchMaxOf = ({ repository }: Runtime): number => repository.batchMax;

export const add = (
  { repository }: Runtime,
  vouchers: readonly VoucherRecord[],
): TE.TaskEither<EngineError, readonly AddResult[]> => write(() => repository.add(vouchers));

/** The error, with the items that were done before it added to `done`. */
export const withDone = (done: number, error: EngineError): EngineError =>
  "cause" in error || "expected" in error || "resource" in error ? { ...error, done: done + (error.done ?? 0) } : error;

/** How to generate vouchers of a campaign. Codes and details may differ from the campaign's own. */
export interface GenerationSpec {
  readonly campaign: Campaign;
  readonly config: CodeConfig;
  readonly details: VoucherChange;
}
export const generationSpec = (campaign: Campaign): GenerationSpec => ({
  campaign,
  config: campaign.voucher.codeConfig,
  details: {},
});

/** Generates codes and adds vouchers until `neededCount` are added, and returns the vouchers that could be added. */
const addGeneratedBatch =
  (
    runtime: Runtime,
    { campaign, config, details }: GenerationSpec,
    neededCount: number,
  ): TE.TaskEither<EngineError, readonly VoucherRecord[]> =>
  async () => {
    const addedVouchers: VoucherRecord[] = [];
    const defaults = campaignDefaults(campaign);
    for (const codes of codeBatches(config, neededCount, runtime.random)) {
      for (let position = 0; position < codes.length && addedVouchers.length < neededCount; ) {
        const vouchers = newVouchers(
          runtime,
          defaults,
          codes.slice(position, position + neededCount - addedVouchers.length),
          details,
        );
        position += vouchers.length;
        const added = await add(runtime, vouchers)();
        if (E.isLeft(added)) return E.left(withDone(addedVouchers.length, added.left));
        if (added.right.includes("gone"))
          return E.left(withDone(addedVouchers.length, notFound("campaign", campaign.name)));
        addedVouchers.push(...vouchers.filter((_, i) => added.right[i] === "added"));
      }
      if (addedVouchers.length === neededCount) break;
    }
    return E.right(addedVouchers);
  };

/** The field of an error about too few codes; `count` if the pattern is the one of an existing campaign. */
type TooFewCodesField = "count" | "codeConfig.pattern" | "voucher.codeConfig.pattern";

const patternTooSmall = (path: TooFewCodesField, config: CodeConfig): EngineError =>
  inputError(
    "invalid_code_config",
    path,
    path === "count"
      ? `at most the number of free codes: the campaign's pattern "${config.pattern}" has ${capacity(config)} codes in all. Or pass a codeConfig with a larger pattern`
      : `a pattern with room for more codes: "${config.pattern}" has ${capacity(config)} in all`,
  );

/** Adds one voucher with a generated code. */
export const addGeneratedVoucher =
  (
    runtime: Runtime,
    defaults: VoucherDefaults,
    config: CodeConfig,
    details: VoucherChange,
    check: (voucher: VoucherRecord) => E.Either<EngineError, VoucherRecord>,
  ): TE.TaskEither<EngineError, VoucherRecord> =>
  async () => {
    for (const codes of codeBatches(config, 1, runtime.random))
      for (const code of codes) {
        const voucher = check(newVoucher(defaults, voucherSeed(runtime, code), details));
        if (E.isLeft(voucher)) return voucher;
        const added = await add(runtime, [voucher.right])();
        if (E.isLeft(added)) return added;
        if (added.right[0] === "added") return voucher;
        if (added.right[0] === "gone") return E.left(notFound("campaign", defaults.campaign?.name ?? ""));
      }
    return E.left(patternTooSmall("codeConfig.pattern", config));
  };

/** Adds `count` vouchers with generated codes to a campaign, batch by batch. */
export const addGeneratedVouchers =
  (
    runtime: Runtime,
    spec: GenerationSpec,
    count: number,
    { onProgress, signal }: ProgressOptions,
    path: TooFewCodesField,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    let done = 0;
    while (done < count) {
      if (signal?.aborted === true) return E.left(aborted(done));
      const batchSize = Math.min(batchMaxOf(runtime), count - done);
      const addedVouchers = await addGeneratedBatch(runtime, spec, batchSize)();
      if (E.isLeft(addedVouchers)) return E.left(withDone(done, addedVouchers.left));
      done += addedVouchers.right.length;
      onProgress?.({ done, total: count });
      if (addedVouchers.right.length < batchSize) return E.left(withDone(done, patternTooSmall(path, spec.config)));
      await endOfTurn();
    }
    return E.right(done);
  };

/** Refuses a count for which the pattern has too few codes. */
export const checkCapacity = (
  config: CodeConfig,
  count: number,
  path: TooFewCodesField,
): E.Either<EngineError, void> =>
  capacity(config) < BigInt(count) ? E.left(patternTooSmall(path, config)) : E.right(undefined);

/** The index of a code that is taken; null if all are free. */
export const findTakenIndex =
  ({ repository }: Runtime, codes: readonly Code[]): TE.TaskEither<EngineError, number | null> =>
  async () => {
    const index = await read(async () => {
      const vouchers = await repository.find(
        "vouchers",
        codes.map((code) => ({ name: code })),
      );
      const [publication] = await repository.page({
        kind: "publications",
        filter: where("voucherCode").in(codes),
        by: "createdAt",
        descending: false,
        after: null,
        offset: 0,
        limit: 1,
      });
      return codes.findIndex((code, i) => vouchers[i] !== null || (publication?.codes.includes(code) ?? false));
    })();
    return E.isLeft(index) ? index : E.right(index.right < 0 ? null : index.right);
  };

export const codeTaken = (path: string, code: string): EngineError => duplicateFound("voucher", path, code);
