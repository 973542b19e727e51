import { type Codes, codesOf } from "../domain/codes.ts";
import type { Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { type Blank, type Drawn, newVoucher } from "../domain/vouchers.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime.ts";

/** How many more codes to offer at each further try, when those before were taken. */
const EXTRA_CODES = [0, 50, 1000];
/** Codes to offer at a time when going through all there are. */
const ALL_CODES_BATCH_SIZE = 1000;

const randomCodes = (codes: Codes, count: number, random: Random): readonly Code[] => {
  const indexes = new Set<bigint>();
  while (indexes.size < count) indexes.add(random.below(codes.size));
  return Array.from(indexes, codes.at);
};

/** Every code there is, once, from a random start. */
function* allCodes({ size, at }: Codes, random: Random): Generator<readonly Code[]> {
  const start = random.below(size);
  for (let offset = 0n; offset < size; offset += BigInt(ALL_CODES_BATCH_SIZE)) {
    const length = Number(size - offset < BigInt(ALL_CODES_BATCH_SIZE) ? size - offset : BigInt(ALL_CODES_BATCH_SIZE));
    yield Array.from({ length }, (_, i) => at((start + offset + BigInt(i)) % size));
  }
}

/**
 * Offers of codes for `wanted` vouchers, until the store has taken enough of them: at random first, and when those keep
 * being taken already, all that the config has, one after another. So it ends, and it reaches the last free code.
 */
export function* codeBatches(config: CodeConfig, neededCount: number, random: Random): Generator<readonly Code[]> {
  const codes = codesOf(config);
  for (const extra of EXTRA_CODES) {
    const count = neededCount + extra;
    // A draw of most of a small space would spend its time on repeats.
    if (BigInt(count) * 2n <= codes.size) yield randomCodes(codes, count, random);
  }
  yield* allCodes(codes, random);
}

/** What makes a voucher of a code. */
export const voucherSeed = ({ ids, random, now }: Runtime, code: Code): Drawn => ({
  id: ids.voucher(),
  code,
  rank: random.fraction(),
  now: now(),
});

/** A new voucher for each code. */
export const newVouchers = (
  runtime: Runtime,
  defaults: Blank,
  codes: readonly Code[],
  details: VoucherChange = {},
): readonly VoucherRecord[] => codes.map((code) => newVoucher(defaults, voucherSeed(runtime, code), details));
