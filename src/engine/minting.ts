import { capacity, codesOf } from "../domain/codes.ts";
import type { Code, CodeConfig, VoucherRecord } from "../domain/model.ts";
import type { VoucherChange } from "../domain/requests.ts";
import { type Blank, type Drawn, newVoucher } from "../domain/vouchers.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime.ts";

/** How many more codes to offer at each further try, when those before were taken. */
const MORE = [0, 50, 1000];
/** Codes to offer at a time when going through all there are. */
const SWEEP = 1000;

const randomCodes = (config: CodeConfig, count: number, random: Random): readonly Code[] => {
  const [all, codeAt] = [capacity(config), codesOf(config)];
  const drawn = new Set<bigint>();
  while (drawn.size < count) drawn.add(random.below(all));
  return Array.from(drawn, codeAt);
};

/** Every code there is, once, from a random start. */
function* sweep(config: CodeConfig, random: Random): Generator<readonly Code[]> {
  const [all, codeAt] = [capacity(config), codesOf(config)];
  const start = random.below(all);
  for (let at = 0n; at < all; at += BigInt(SWEEP)) {
    const size = Number(all - at < BigInt(SWEEP) ? all - at : BigInt(SWEEP));
    yield Array.from({ length: size }, (_, i) => codeAt((start + at + BigInt(i)) % all));
  }
}

/**
 * Offers of codes for `wanted` vouchers, until the store has taken enough of them: at random first, and when those keep
 * being taken already, all that the config has, one after another. So it ends, and it reaches the last free code.
 */
export function* offers(config: CodeConfig, wanted: number, random: Random): Generator<readonly Code[]> {
  for (const more of MORE) {
    const count = wanted + more;
    // A draw of most of a small space would spend its time on repeats.
    if (BigInt(count) * 2n <= capacity(config)) yield randomCodes(config, count, random);
  }
  yield* sweep(config, random);
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
