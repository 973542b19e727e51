import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { ImportReport } from "../api/campaigns.ts";
import type { ProgressOptions } from "../api/progress.ts";
import type { Campaign, VoucherRecord } from "../domain/model.ts";
import { campaignDefaults, newVoucher } from "../domain/vouchers.ts";
import { aborted, type EngineError, inputError, notFound } from "../errors.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { decodeProgressOptions } from "../input/progress.ts";
import { decodeImport } from "../input/vouchers.ts";
import { voucherSeed } from "./code-generation.ts";
import { endOfTurn } from "./event-loop.ts";
import { getByNameOrId } from "./record-lookup.ts";
import { validateVoucher } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { add, batchMaxOf, codeTaken, withDone } from "./stock.ts";

/** Imports a list of any length, batch by batch, and reports each voucher that it could not import. */
export const importVouchers =
  (runtime: Runtime) =>
  (campaign: unknown, vouchers: unknown, options?: unknown): TE.TaskEither<EngineError, ImportReport> =>
  async () => {
    const [nameOrId, list, progressOptions] = [
      decodeNameOrId("campaign")(campaign),
      decodeIterable(vouchers),
      decodeProgressOptions(options),
    ];
    if (E.isLeft(nameOrId)) return nameOrId;
    if (E.isLeft(list)) return list;
    if (E.isLeft(progressOptions)) return progressOptions;
    const found = await getByNameOrId(runtime, "campaigns", nameOrId.right)();
    return E.isLeft(found) ? found : importAll(runtime, found.right, list.right, progressOptions.right);
  };

type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>;

const isIterable = (value: unknown): value is AnyIterable =>
  typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

const decodeIterable = (value: unknown): E.Either<EngineError, AnyIterable> =>
  isIterable(value)
    ? E.right(value)
    : E.left(inputError("invalid_payload", "vouchers", "an array or another iterable of codes or vouchers"));

/** The most vouchers before the event loop gets its turn. */
const YIELD_INTERVAL = 1000;

type RefusedVoucher = ImportReport["refused"][number];
interface IndexedVoucher {
  readonly index: number;
  readonly voucher: VoucherRecord;
}
/** The result of one batch. */
interface BatchResult {
  readonly imported: number;
  readonly refused: readonly RefusedVoucher[];
}

const storeBatch = async (
  runtime: Runtime,
  campaign: Campaign,
  batch: readonly IndexedVoucher[],
): Promise<E.Either<EngineError, BatchResult>> => {
  if (batch.length === 0) return E.right({ imported: 0, refused: [] });
  const vouchers = batch.map(({ voucher }) => voucher);
  const addResults = await add(runtime, vouchers)();
  if (E.isLeft(addResults)) return addResults;
  if (addResults.right.includes("gone")) return E.left(notFound("campaign", campaign.name));
  const taken = batch.filter((_, i) => addResults.right[i] === "taken");
  return E.right({
    imported: batch.length - taken.length,
    refused: taken.map(({ index, voucher }) => ({ index, error: codeTaken("code", voucher.code) })),
  });
};

const importAll = async (
  runtime: Runtime,
  campaign: Campaign,
  vouchers: AnyIterable,
  { onProgress, signal }: ProgressOptions,
): Promise<E.Either<EngineError, ImportReport>> => {
  const refused: RefusedVoucher[] = [];
  let [index, imported] = [0, 0];
  let batch: IndexedVoucher[] = [];

  // An error from the host's callback is not an error of the list. We throw it to the host.
  let isFlushing = false;
  const flush = async (): Promise<E.Either<EngineError, void>> => {
    isFlushing = true;
    const batchResult = await storeBatch(runtime, campaign, batch);
    if (E.isLeft(batchResult)) return E.left(withDone(imported, batchResult.left));
    imported += batchResult.right.imported;
    refused.push(...batchResult.right.refused);
    batch = [];
    onProgress?.({ done: index, total: null });
    await endOfTurn();
    isFlushing = false;
    return E.right(undefined);
  };

  try {
    for await (const input of vouchers) {
      if (signal?.aborted === true) return E.left(aborted(imported));
      const voucher = toVoucher(runtime, campaign, input);
      if (E.isLeft(voucher)) refused.push({ index, error: voucher.left });
      else batch.push({ index, voucher: voucher.right });
      index += 1;
      if (batch.length < batchMaxOf(runtime)) {
        // A list of wrong vouchers never waits for the store. Without this wait, the list would block the event loop.
        if (index % YIELD_INTERVAL === 0) await endOfTurn();
        continue;
      }
      const flushResult = await flush();
      if (E.isLeft(flushResult)) return flushResult;
    }
  } catch (cause) {
    if (isFlushing) throw cause;
    const expected = `readable to its end: after ${index} vouchers it threw ${String(cause)}`;
    const flushResult = await flush();
    return E.isLeft(flushResult)
      ? flushResult
      : E.left(withDone(imported, inputError("invalid_payload", "vouchers", expected)));
  }
  const flushResult = await flush();
  return E.map(() => ({ imported, refused: refused.toSorted((a, b) => a.index - b.index) }))(flushResult);
};

const toVoucher = (runtime: Runtime, campaign: Campaign, input: unknown): E.Either<EngineError, VoucherRecord> => {
  const request = decodeImport(input);
  if (E.isLeft(request)) return request;
  const { code, details } = request.right;
  return validateVoucher(runtime)(newVoucher(campaignDefaults(campaign), voucherSeed(runtime, code), details));
};
