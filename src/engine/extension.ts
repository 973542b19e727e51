import * as E from "fp-ts/lib/Either.js";
import { capacity } from "../domain/codes.ts";
import { where } from "../domain/filters.ts";
import type { Campaign, VoucherRecord } from "../domain/model.ts";
import type { VoucherSource } from "../domain/publishing.ts";
import { campaignDefaults, hasExpired } from "../domain/vouchers.ts";
import type { EngineError } from "../errors.ts";
import { codeBatches, newVouchers } from "./code-generation.ts";
import { checkGuessability, reportsGuessability } from "./guessability.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

/** How an AUTO_UPDATE campaign makes up a shortfall: the store gets one batch of fresh vouchers after another. */
export interface Extension {
  /** The next fresh vouchers to try; null when there are none left. */
  nextBatch(): readonly VoucherRecord[] | null;
  /** Whether to try the next batch after this batch was not enough. */
  shouldRetry(batch: readonly VoucherRecord[]): Promise<E.Either<EngineError, boolean>>;
}

const NO_EXTENSION: Extension = { nextBatch: () => null, shouldRetry: async () => E.right(false) };

export const createExtension = (runtime: Runtime, source: VoucherSource): Extension => {
  if (source.type === "voucher" || source.campaign.type !== "AUTO_UPDATE") return NO_EXTENSION;
  const { campaign } = source;
  if (hasExpired(campaign, runtime.now())) return NO_EXTENSION;
  // A count above the limit is refused later, in the order of the rules. Until then the engine must not create that many codes.
  const count = Math.min(source.count, runtime.policy.publicationMax);
  const batches = freshBatches(runtime, campaign, Math.max(count, runtime.options.extendBy ?? 0));
  let isFullnessChecked = false;

  return {
    nextBatch: () => {
      const batch = batches.next();
      return batch.done === true ? null : batch.value;
    },
    shouldRetry: async (batch) => {
      if (batch.length === 0) {
        const config = campaign.voucher.codeConfig;
        return E.map(() => true)(await checkGuessability(runtime, config, campaign, count, "campaign")());
      }
      if (isFullnessChecked) return E.right(true);
      isFullnessChecked = true;
      return E.map((full: boolean) => !full)(await isFull(runtime, campaign));
    },
  };
};

function* freshBatches(runtime: Runtime, campaign: Campaign, neededCount: number): Generator<readonly VoucherRecord[]> {
  // Counting the existing codes is expensive. An empty batch first shows whether there is a shortfall at all.
  if (reportsGuessability(runtime.options)) yield [];
  for (const codes of codeBatches(campaign.voucher.codeConfig, neededCount, runtime.random))
    yield newVouchers(runtime, campaignDefaults(campaign), codes);
}

/** Whether a campaign has as many vouchers as its pattern has codes. One count is cheaper than a try of every code. */
const isFull = async ({ repository }: Runtime, { id, voucher }: Campaign): Promise<E.Either<EngineError, boolean>> => {
  const counts = await read(() => repository.count([{ kind: "vouchers", filter: where("campaignId").is(id) }]))();
  return E.map(([count = 0]: readonly number[]) => BigInt(count) >= capacity(voucher.codeConfig))(counts);
};
