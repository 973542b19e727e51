import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { checkMakes } from "../domain/campaigns.ts";
import type { Campaign, Code } from "../domain/model.ts";
import type { GivenAdditions, RandomAdditions, VoucherChange } from "../domain/requests.ts";
import { blankOf, newVoucher } from "../domain/vouchers.ts";
import { aborted, type EngineError, type InputError, notFound } from "../errors.ts";
import type { Watch } from "../face.ts";
import { decodeRef } from "../input/refs.ts";
import { decodeVouchersToAdd } from "../input/vouchers.ts";
import { decodeWatch } from "../input/watch.ts";
import { sound } from "./conforming.ts";
import { findNamed } from "./finding.ts";
import { checkGuessing } from "./guessing.ts";
import { drawn } from "./minting.ts";
import { endOfTurn, type Runtime } from "./runtime.ts";
import { add, checkRoom, chunkOf, codeTaken, findTaken, recipeOf, stockUp, withDone } from "./stock.ts";

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
        ? await addRandom(runtime, found.right, wanted.right, watching.right)()
        : await addGiven(runtime, found.right, wanted.right, watching.right)();
    return E.map((count: number) => ({ added: count }))(added);
  };

const addRandom =
  (
    runtime: Runtime,
    campaign: Campaign,
    { count, codeConfig, details }: RandomAdditions,
    watch: Watch,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    const recipe = { ...recipeOf(campaign), ...(codeConfig !== null && { config: codeConfig }), details };
    const { config } = recipe;
    const makes = checkMakes(campaign, "count");
    if (E.isLeft(makes)) return makes;
    const room = checkRoom(config, count, "count");
    if (E.isLeft(room)) return room;
    const unguessable = await checkGuessing(runtime, config, campaign, count, "count")();
    if (E.isLeft(unguessable)) return unguessable;
    const unsound = unsoundness(runtime, campaign, details);
    return unsound ?? stockUp(runtime, recipe, count, watch, "count")();
  };

/** What is wrong with the details is so for all: any code shows it. Without any, a voucher is what its campaign says. */
const unsoundness = (runtime: Runtime, campaign: Campaign, details: VoucherChange): E.Left<InputError> | null => {
  if (Object.keys(details).length === 0) return null;
  const checked = sound(runtime)(newVoucher(blankOf(campaign), drawn(runtime, "any" as Code), details));
  return E.isLeft(checked) ? checked : null;
};

function* chunks<A>(all: readonly A[], size: number): Generator<readonly A[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** Looks at all before adding any. A code that somebody else takes meanwhile ends it, with an error that names it. */
const addGiven =
  (
    runtime: Runtime,
    campaign: Campaign,
    { codes, details }: GivenAdditions,
    { onProgress, signal }: Watch,
  ): TE.TaskEither<EngineError, number> =>
  async () => {
    const unsound = unsoundness(runtime, campaign, details);
    if (unsound !== null) return unsound;
    const taken = await firstTaken(runtime, codes)();
    if (E.isLeft(taken)) return taken;
    if (taken.right !== null) return E.left(codeTaken(`codes[${taken.right}]`, codes[taken.right] ?? ""));
    let done = 0;
    for (const chunk of chunks(codes, chunkOf(runtime))) {
      if (signal?.aborted === true) return E.left(aborted(done));
      const vouchers = chunk.map((code) => newVoucher(blankOf(campaign), drawn(runtime, code), details));
      const added = await add(runtime, vouchers)();
      if (E.isLeft(added)) return E.left(withDone(done, added.left));
      if (added.right.includes("gone")) return E.left(withDone(done, notFound("campaign", campaign.name)));
      const lost = added.right.indexOf("taken");
      if (lost >= 0) {
        const kept = done + added.right.filter((one) => one === "added").length;
        return E.left(withDone(kept, codeTaken(`codes[${done + lost}]`, chunk[lost] ?? "")));
      }
      done += chunk.length;
      onProgress?.({ done, total: codes.length });
      await endOfTurn();
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
