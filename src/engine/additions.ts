import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { checkPeriod } from "../domain/campaigns.ts";
import type { Campaign, Code, VoucherRecord } from "../domain/model.ts";
import { blankOf, newVoucher } from "../domain/vouchers.ts";
import { aborted, type EngineError, inputError, notFound } from "../errors.ts";
import type { ImportReport, Watch } from "../face.ts";
import { decodeRef } from "../input/refs.ts";
import { decodeImport, decodeVouchersToAdd } from "../input/vouchers.ts";
import { decodeWatch } from "../input/watch.ts";
import { conforming } from "./conforming.ts";
import { findNamed } from "./finding.ts";
import { drawn } from "./minting.ts";
import type { Runtime } from "./runtime.ts";
import { add, after, breathe, checkGuessing, checkRoom, chunkOf, codeTaken, findTaken, stockUp } from "./stock.ts";

/** Adds random vouchers to a campaign, or given ones, all or none. */
export const addVouchers =
  (runtime: Runtime) =>
  (campaign: unknown, vouchers: unknown, watch?: unknown): TE.TaskEither<EngineError, { readonly added: number }> =>
  async () => {
    const [ref, wanted, watching] = [
      decodeRef("campaign")(campaign),
      decodeVouchersToAdd(vouchers),
      decodeWatch(watch),
    ];
    if (E.isLeft(ref)) return ref;
    if (E.isLeft(wanted)) return wanted;
    if (E.isLeft(watching)) return watching;
    const found = await findNamed(runtime, "campaigns", ref.right)();
    if (E.isLeft(found)) return found;
    const added =
      "count" in wanted.right
        ? await addRandom(runtime, found.right, wanted.right.count, watching.right)()
        : await addGiven(runtime, found.right, wanted.right.codes, watching.right)();
    return E.map((count: number) => ({ added: count }))(added);
  };

const addRandom =
  (runtime: Runtime, campaign: Campaign, count: number, watch: Watch): TE.TaskEither<EngineError, number> =>
  async () => {
    const config = campaign.voucher.codeConfig;
    const room = checkRoom(config, count, "count");
    if (E.isLeft(room)) return room;
    const unguessable = await checkGuessing(runtime, config, campaign, count, "count")();
    return E.isLeft(unguessable) ? unguessable : stockUp(runtime, campaign, count, watch, "count")();
  };

function* chunks<A>(all: readonly A[], size: number): Generator<readonly A[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** Looks at all before adding any. A code that somebody else takes meanwhile ends it, with an error that names it. */
const addGiven =
  (
    runtime: Runtime,
    campaign: Campaign,
    codes: readonly Code[],
    { onProgress, signal }: Watch,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    const taken = await firstTaken(runtime, codes)();
    if (E.isLeft(taken)) return taken;
    if (taken.right !== null) return E.left(codeTaken(`codes[${taken.right}]`, codes[taken.right] ?? ""));
    let done = 0;
    for (const chunk of chunks(codes, chunkOf(runtime))) {
      if (signal?.aborted === true) return E.left(aborted(done));
      const vouchers = chunk.map((code) => newVoucher(blankOf(campaign), drawn(runtime, code)));
      const added = await add(runtime, vouchers)();
      if (E.isLeft(added)) return E.left(after(done, added.left));
      if (added.right.includes("gone")) return E.left(notFound("campaign", campaign.name));
      const lost = added.right.indexOf("taken");
      if (lost >= 0) return E.left(codeTaken(`codes[${done + lost}]`, chunk[lost] ?? ""));
      done += chunk.length;
      onProgress?.({ done, total: codes.length });
      await breathe();
    }
    return E.right(done);
  };

const firstTaken =
  (runtime: Runtime, codes: readonly Code[]): TE.TaskEither<EngineError, number | null> =>
  async () => {
    let before = 0;
    for (const chunk of chunks(codes, chunkOf(runtime))) {
      const taken = await findTaken(runtime, chunk)();
      if (E.isLeft(taken)) return taken;
      if (taken.right !== null) return E.right(before + taken.right);
      before += chunk.length;
    }
    return E.right(null);
  };

/** Imports a list of any length, a chunk at a time, and reports what it could not import. */
export const importVouchers =
  (runtime: Runtime) =>
  (campaign: unknown, vouchers: unknown, watch?: unknown): TE.TaskEither<EngineError, ImportReport> =>
  async () => {
    const [ref, list, watching] = [decodeRef("campaign")(campaign), iterable(vouchers), decodeWatch(watch)];
    if (E.isLeft(ref)) return ref;
    if (E.isLeft(list)) return list;
    if (E.isLeft(watching)) return watching;
    const found = await findNamed(runtime, "campaigns", ref.right)();
    return E.isLeft(found) ? found : importAll(runtime, found.right, list.right, watching.right)();
  };

type Many = Iterable<unknown> | AsyncIterable<unknown>;

const isIterable = (value: unknown): value is Many =>
  typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

const iterable = (value: unknown): E.Either<EngineError, Many> =>
  isIterable(value)
    ? E.right(value)
    : E.left(inputError("invalid_payload", "vouchers", "an array or another iterable of codes or vouchers"));

type Refused = ImportReport["refused"][number];

const importAll =
  (
    runtime: Runtime,
    campaign: Campaign,
    vouchers: Many,
    { onProgress, signal }: Watch,
  ): TE.TaskEither<EngineError, ImportReport> =>
  async () => {
    const refused: Refused[] = [];
    let [index, imported] = [0, 0];
    let chunk: { readonly index: number; readonly voucher: VoucherRecord }[] = [];

    const flush = async (): Promise<EngineError | null> => {
      if (chunk.length === 0) return null;
      const added = await add(
        runtime,
        chunk.map(({ voucher }) => voucher),
      )();
      if (E.isLeft(added)) return after(imported, added.left);
      if (added.right.includes("gone")) return notFound("campaign", campaign.name);
      for (const [i, item] of chunk.entries()) {
        if (added.right[i] === "added") imported += 1;
        else refused.push({ index: item.index, error: codeTaken("code", item.voucher.code) });
      }
      chunk = [];
      onProgress?.({ done: index, total: null });
      await breathe();
      return null;
    };

    try {
      for await (const one of vouchers) {
        if (signal?.aborted === true) return E.left(aborted(imported));
        const voucher = voucherOf(runtime, campaign, one);
        if (E.isLeft(voucher)) refused.push({ index, error: voucher.left });
        else chunk.push({ index, voucher: voucher.right });
        index += 1;
        const failed = chunk.length < chunkOf(runtime) ? null : await flush();
        if (failed !== null) return E.left(failed);
      }
    } catch (cause) {
      return E.left(
        inputError(
          "invalid_payload",
          "vouchers",
          `readable to its end: after ${index}, ${String(cause)}; ${imported} are imported`,
        ),
      );
    }
    const failed = await flush();
    if (failed !== null) return E.left(failed);
    return E.right({ imported, refused: refused.toSorted((a, b) => a.index - b.index) });
  };

const voucherOf = (runtime: Runtime, campaign: Campaign, input: unknown): E.Either<EngineError, VoucherRecord> => {
  const request = decodeImport(input);
  if (E.isLeft(request)) return request;
  const { code, details } = request.right;
  return pipe(
    checkPeriod("invalid_voucher", newVoucher(blankOf(campaign), drawn(runtime, code), details)),
    E.flatMap(conforming(runtime, "vouchers")),
  );
};
