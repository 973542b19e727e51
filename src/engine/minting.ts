import { type Codes, codesOf } from "../domain/codes.ts";
import type { Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { type Blank, type Drawn, newVoucher } from "../domain/vouchers.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime.ts";

/** How many more codes to offer at each further try, when those before were taken. */
const MORE = [0, 50, 1000];
/** Codes to offer at a time when going through all there are. */
const SWEEP = 1000;

const randomCodes = (codes: Codes, count: number, random: Random): readonly Code[] => {
  const drawn = new Set<bigint>();
  while (drawn.size < count) drawn.add(random.below(codes.size));
  return Array.from(drawn, codes.at);
};

/** Every code there is, once, from a random start. */
function* sweep({ size, at }: Codes, random: Random): Generator<readonly Code[]> {
  const start = random.below(size);
  for (let done = 0n; done < size; done += BigInt(SWEEP)) {
    const length = Number(size - done < BigInt(SWEEP) ? size - done : BigInt(SWEEP));
    yield Array.from({ length }, (_, i) => at((start + done + BigInt(i)) % size));
  }
}

/**
 * Offers of codes for `wanted` vouchers, until the store has taken enough of them: at random first, and when those keep
 * being taken already, all that the config has, one after another. So it ends, and it reaches the last free code.
 */
export function* offers(config: CodeConfig, wanted: number, random: Random): Generator<readonly Code[]> {
  const codes = codesOf(config);
  for (const more of MORE) {
    const count = wanted + more;
    // A draw of most of a small space would spend its time on repeats.
    if (BigInt(count) * 2n <= codes.size) yield randomCodes(codes, count, random);
  }
  yield* sweep(codes, random);
}

/** What makes a voucher of a code. */
export const drawn = ({ ids, random, now }: Runtime, code: Code): Drawn => ({
  id: ids.voucher(),
  code,
  rank: random.fraction(),
  now: now(),
});

/** A new voucher for each code. */
export const minted = (
  runtime: Runtime,
  blank: Blank,
  codes: readonly Code[],
  details: VoucherChange = {},
): readonly VoucherRecord[] => codes.map((code) => newVoucher(blank, drawn(runtime, code), details));
