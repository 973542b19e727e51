import { type CodeSpace, codeSpace } from "../domain/codes.ts";
import type { Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { newVoucher, type VoucherDefaults, type VoucherSeed } from "../domain/vouchers.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime.ts";

/** The number of extra codes in each batch of random codes. The next batch is used if too many codes are taken. */
const EXTRA_CODES = [0, 50, 1000];
/** The size of a batch when every code of the pattern is tried in turn. */
const ALL_CODES_BATCH_SIZE = 1000;

const randomCodes = (codes: CodeSpace, count: number, random: Random): readonly Code[] => {
  const indexes = new Set<bigint>();
  while (indexes.size < count) indexes.add(random.below(codes.size));
  return Array.from(indexes, codes.codeAt);
};

/** Every code of the pattern, once, in batches, from a random start. */
function* allCodes({ size, codeAt }: CodeSpace, random: Random): Generator<readonly Code[]> {
  const start = random.below(size);
  for (let offset = 0n; offset < size; offset += BigInt(ALL_CODES_BATCH_SIZE)) {
    const length = Number(size - offset < BigInt(ALL_CODES_BATCH_SIZE) ? size - offset : BigInt(ALL_CODES_BATCH_SIZE));
    yield Array.from({ length }, (_, i) => codeAt((start + offset + BigInt(i)) % size));
  }
}

/**
 * Batches of codes for `neededCount` vouchers. The caller tries one batch after another until the store has accepted
 * enough codes. The first batches are random. When too many random codes are taken, every code of the pattern follows in
 * turn. So the batches end, and they reach the last free code.
 */
export function* codeBatches(config: CodeConfig, neededCount: number, random: Random): Generator<readonly Code[]> {
  const codes = codeSpace(config);
  for (const extra of EXTRA_CODES) {
    const count = neededCount + extra;
    // Random codes for most of a small pattern would repeat most of the time.
    if (BigInt(count) * 2n <= codes.size) yield randomCodes(codes, count, random);
  }
  yield* allCodes(codes, random);
}

/** The id, code, rank and creation time of a new voucher. */
export const voucherSeed = ({ ids, random, now }: Runtime, code: Code): VoucherSeed => ({
  id: ids.voucher(),
  code,
  rank: random.fraction(),
  now: now(),
});

/** A new voucher for each code. */
export const newVouchers = (
  runtime: Runtime,
  defaults: VoucherDefaults,
  codes: readonly Code[],
  details: VoucherChange = {},
): readonly VoucherRecord[] => codes.map((code) => newVoucher(defaults, voucherSeed(runtime, code), details));
