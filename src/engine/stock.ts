import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { capacity } from "../domain/codes.ts";
import { where } from "../domain/filters.ts";
import type { Campaign, Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { type Blank, blankOf, newVoucher } from "../domain/vouchers.ts";
import { aborted, duplicateFound, type EngineError, inputError, notFound } from "../errors.ts";
import type { Watch } from "../face.ts";
import type { Added } from "../repository.ts";
import { drawn, minted, offers } from "./minting.ts";
import { endOfTurn, type Runtime } from "./runtime.ts";
import { read, write } from "./storage.ts";

/** Vouchers handed to the store at a time: a step of the progress, and the most that memory holds. */
export const chunkOf = ({ repository }: Runtime): number => repository.batchMax;

export const add = (
  { repository }: Runtime,
  vouchers: readonly VoucherRecord[],
): TE.TaskEither<EngineError, readonly Added[]> => write(() => repository.add(vouchers));

/** The same error, with what had been done before it. */
export const withDone = (done: number, error: EngineError): EngineError =>
  "cause" in error || "expected" in error || "resource" in error ? { ...error, done: done + (error.done ?? 0) } : error;

/** What to make vouchers of: a campaign's, with codes and details that may be other than its own. */
export interface Recipe {
  readonly campaign: Campaign;
  readonly config: CodeConfig;
  readonly details: VoucherChange;
}
export const recipeOf = (campaign: Campaign): Recipe => ({
  campaign,
  config: campaign.voucher.codeConfig,
  details: {},
});

/** Adds vouchers with codes of the config's making until there are `wanted` more. Gives those it could add. */
const addMade =
  (
    runtime: Runtime,
    { campaign, config, details }: Recipe,
    wanted: number,
  ): TE.TaskEither<EngineError, readonly VoucherRecord[]> =>
  async () => {
    const made: VoucherRecord[] = [];
    const blank = blankOf(campaign);
    for (const codes of offers(config, wanted, runtime.random)) {
      for (let at = 0; at < codes.length && made.length < wanted; ) {
        const vouchers = minted(runtime, blank, codes.slice(at, at + wanted - made.length), details);
        at += vouchers.length;
        const added = await add(runtime, vouchers)();
        if (E.isLeft(added)) return E.left(withDone(made.length, added.left));
        if (added.right.includes("gone")) return E.left(withDone(made.length, notFound("campaign", campaign.name)));
        made.push(...vouchers.filter((_, i) => added.right[i] === "added"));
      }
      if (made.length === wanted) break;
    }
    return E.right(made);
  };

const tooSmall = (path: string, config: CodeConfig): EngineError =>
  inputError(
    "invalid_code_config",
    path,
    `a pattern with room for more codes: "${config.pattern}" has ${capacity(config)} in all`,
  );

/** One voucher with a code of the config's making. */
export const addOne =
  (
    runtime: Runtime,
    blank: Blank,
    config: CodeConfig,
    details: VoucherChange,
    check: (voucher: VoucherRecord) => E.Either<EngineError, VoucherRecord>,
  ): TE.TaskEither<EngineError, VoucherRecord> =>
  async () => {
    for (const codes of offers(config, 1, runtime.random))
      for (const code of codes) {
        const voucher = check(newVoucher(blank, drawn(runtime, code), details));
        if (E.isLeft(voucher)) return voucher;
        const added = await add(runtime, [voucher.right])();
        if (E.isLeft(added)) return added;
        if (added.right[0] === "added") return voucher;
        if (added.right[0] === "gone") return E.left(notFound("campaign", blank.campaign?.name ?? ""));
      }
    return E.left(tooSmall("codeConfig.pattern", config));
  };

/** Makes `count` vouchers for a campaign, a chunk at a time. */
export const stockUp =
  (
    runtime: Runtime,
    recipe: Recipe,
    count: number,
    { onProgress, signal }: Watch,
    path: string,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    let done = 0;
    while (done < count) {
      if (signal?.aborted === true) return E.left(aborted(done));
      const wanted = Math.min(chunkOf(runtime), count - done);
      const made = await addMade(runtime, recipe, wanted)();
      if (E.isLeft(made)) return E.left(withDone(done, made.left));
      done += made.right.length;
      onProgress?.({ done, total: count });
      if (made.right.length < wanted) return E.left(withDone(done, tooSmall(path, recipe.config)));
      await endOfTurn();
    }
    return E.right(done);
  };

/** Refuses at once what can never fit. */
export const checkRoom = (config: CodeConfig, count: number, path: string): E.Either<EngineError, void> =>
  capacity(config) < BigInt(count) ? E.left(tooSmall(path, config)) : E.right(undefined);

/** The first of the codes that is taken, by its position; null if none is. */
export const findTaken =
  ({ repository }: Runtime, codes: readonly Code[]): TE.TaskEither<EngineError, number | null> =>
  async () => {
    const taken = await read(async () => {
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
    return E.isLeft(taken) ? taken : E.right(taken.right < 0 ? null : taken.right);
  };

export const codeTaken = (path: string, code: string): EngineError => duplicateFound("voucher", path, code);
