import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Campaign, VoucherRecord } from "../domain/model.ts";
import { blankOf, newVoucher } from "../domain/vouchers.ts";
import { aborted, type EngineError, inputError, notFound } from "../errors.ts";
import type { ImportReport, Watch } from "../face.ts";
import { decodeRef } from "../input/refs.ts";
import { decodeImport } from "../input/vouchers.ts";
import { decodeWatch } from "../input/watch.ts";
import { sound } from "./conforming.ts";
import { findNamed } from "./finding.ts";
import { drawn } from "./minting.ts";
import { endOfTurn, type Runtime } from "./runtime.ts";
import { add, chunkOf, codeTaken, withDone } from "./stock.ts";

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
    return E.isLeft(found) ? found : importAll(runtime, found.right, list.right, watching.right);
  };

type Many = Iterable<unknown> | AsyncIterable<unknown>;

const isIterable = (value: unknown): value is Many =>
  typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

const iterable = (value: unknown): E.Either<EngineError, Many> =>
  isIterable(value)
    ? E.right(value)
    : E.left(inputError("invalid_payload", "vouchers", "an array or another iterable of codes or vouchers"));

/** Vouchers looked at before others have their turn. */
const STEP = 1000;

type Refused = ImportReport["refused"][number];
interface Item {
  readonly index: number;
  readonly voucher: VoucherRecord;
}
/** What a chunk came to. */
interface Stored {
  readonly imported: number;
  readonly refused: readonly Refused[];
}

const store = async (
  runtime: Runtime,
  campaign: Campaign,
  chunk: readonly Item[],
): Promise<E.Either<EngineError, Stored>> => {
  if (chunk.length === 0) return E.right({ imported: 0, refused: [] });
  const vouchers = chunk.map(({ voucher }) => voucher);
  const added = await add(runtime, vouchers)();
  if (E.isLeft(added)) return added;
  if (added.right.includes("gone")) return E.left(notFound("campaign", campaign.name));
  const taken = chunk.filter((_, i) => added.right[i] === "taken");
  return E.right({
    imported: chunk.length - taken.length,
    refused: taken.map(({ index, voucher }) => ({ index, error: codeTaken("code", voucher.code) })),
  });
};

const importAll = async (
  runtime: Runtime,
  campaign: Campaign,
  vouchers: Many,
  { onProgress, signal }: Watch,
): Promise<E.Either<EngineError, ImportReport>> => {
  const refused: Refused[] = [];
  let [index, imported] = [0, 0];
  let chunk: Item[] = [];

  // What a callback of the host's throws is not the list's fault.
  let flushing = false;
  const flush = async (): Promise<E.Either<EngineError, void>> => {
    flushing = true;
    const stored = await store(runtime, campaign, chunk);
    if (E.isLeft(stored)) return E.left(withDone(imported, stored.left));
    imported += stored.right.imported;
    refused.push(...stored.right.refused);
    chunk = [];
    onProgress?.({ done: index, total: null });
    await endOfTurn();
    flushing = false;
    return E.right(undefined);
  };

  try {
    for await (const one of vouchers) {
      if (signal?.aborted === true) return E.left(aborted(imported));
      const voucher = voucherOf(runtime, campaign, one);
      if (E.isLeft(voucher)) refused.push({ index, error: voucher.left });
      else chunk.push({ index, voucher: voucher.right });
      index += 1;
      if (chunk.length < chunkOf(runtime)) {
        // A list of nothing but mistakes must not keep everybody else waiting.
        if (index % STEP === 0) await endOfTurn();
        continue;
      }
      const stored = await flush();
      if (E.isLeft(stored)) return stored;
    }
  } catch (cause) {
    if (flushing) throw cause;
    const expected = `readable to its end: after ${index} of them, ${String(cause)}`;
    const stored = await flush();
    return E.isLeft(stored) ? stored : E.left(withDone(imported, inputError("invalid_payload", "vouchers", expected)));
  }
  const stored = await flush();
  return E.map(() => ({ imported, refused: refused.toSorted((a, b) => a.index - b.index) }))(stored);
};

const voucherOf = (runtime: Runtime, campaign: Campaign, input: unknown): E.Either<EngineError, VoucherRecord> => {
  const request = decodeImport(input);
  if (E.isLeft(request)) return request;
  const { code, details } = request.right;
  return sound(runtime)(newVoucher(blankOf(campaign), drawn(runtime, code), details));
};
