import * as E from "fp-ts/lib/Either.js";
import { hasExpired } from "../domain/campaigns.ts";
import { capacity } from "../domain/codes.ts";
import { where } from "../domain/filters.ts";
import type { Campaign, VoucherRecord } from "../domain/model.ts";
import type { Source } from "../domain/publishing.ts";
import { blankOf } from "../domain/vouchers.ts";
import type { EngineError } from "../errors.ts";
import { checkGuessing, isWatchful } from "./guessing.ts";
import { minted, offers } from "./minting.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

/** How an AUTO_UPDATE campaign makes up a shortfall: with one offer of new vouchers after another. */
export interface Extension {
  /** The vouchers to try; null when there is nothing (more) to offer. */
  next(): readonly VoucherRecord[] | null;
  /** Whether to try again after this offer was not enough. */
  goesOn(offered: readonly VoucherRecord[]): Promise<E.Either<EngineError, boolean>>;
}

const NONE: Extension = { next: () => null, goesOn: async () => E.right(false) };

export const extensionOf = (runtime: Runtime, source: Source): Extension => {
  if (source.type === "voucher" || source.campaign.type !== "AUTO_UPDATE") return NONE;
  const { campaign } = source;
  if (hasExpired(campaign, runtime.now())) return NONE;
  // No more than the limit: a count above it is refused, after other rules have had their say.
  const count = Math.min(source.count, runtime.policy.publicationMax);
  const all = candidates(runtime, campaign, Math.max(count, runtime.options.extendBy ?? 0));
  let checked = false;

  return {
    next: () => {
      const offer = all.next();
      return offer.done === true ? null : offer.value;
    },
    goesOn: async (offered) => {
      if (offered.length === 0) {
        const config = campaign.voucher.codeConfig;
        return E.map(() => true)(await checkGuessing(runtime, config, campaign, count, "campaign")());
      }
      if (checked) return E.right(true);
      checked = true;
      return E.map((full: boolean) => !full)(await isFull(runtime, campaign));
    },
  };
};

function* candidates(runtime: Runtime, campaign: Campaign, wanted: number): Generator<readonly VoucherRecord[]> {
  // First a look whether there is a shortfall at all, before the live codes are counted.
  if (isWatchful(runtime.options)) yield [];
  for (const codes of offers(campaign.voucher.codeConfig, wanted, runtime.random))
    yield minted(runtime, blankOf(campaign), codes);
}

/** A campaign that has every code of its pattern need not go through them all to find that out. */
const isFull = async ({ repository }: Runtime, { id, voucher }: Campaign): Promise<E.Either<EngineError, boolean>> => {
  const counted = await read(() => repository.count([{ kind: "vouchers", filter: where("campaignId").is(id) }]))();
  return E.map(([count = 0]: readonly number[]) => BigInt(count) >= capacity(voucher.codeConfig))(counted);
};
