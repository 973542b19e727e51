import { randomBytes } from "node:crypto";

/** Unpredictable numbers, each as likely as any other. */
export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** From 0 to `bound - 1`. */
  below(bound: bigint): bigint;
  /** Text of `length` letters and digits. */
  letters(length: number): string;
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Bytes are drawn from the system in blocks of this size: a call for each would cost more than all the rest. */
const BLOCK = 4096;

export const randomFrom = (bytes: (size: number) => Uint8Array = randomBytes): Random => {
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;
  const byte = (): number => {
    if (used >= block.length) {
      block = bytes(BLOCK);
      used = 0;
    }
    return block[used++] ?? 0;
  };

  /** As many bytes as the bound has, the top one cut to its bits: every other draw, at worst, is too large and thrown away. */
  const below = (bound: bigint): bigint => {
    const bits = (bound - 1n).toString(2).length;
    const [size, top] = [Math.ceil(bits / 8), (1 << (((bits - 1) % 8) + 1)) - 1];
    for (;;) {
      let hex = (byte() & top).toString(16);
      for (let i = 1; i < size; i++) hex += byte().toString(16).padStart(2, "0");
      const drawn = BigInt(`0x${hex}`);
      if (drawn < bound) return drawn;
    }
  };

  const fraction = (): number => {
    let drawn = byte() & 31;
    for (let i = 0; i < 6; i++) drawn = drawn * 256 + byte();
    return drawn / 2 ** 53;
  };

  /** Two of the 64 values of six bits are no letter and are drawn again, so that all letters are equally likely. */
  const letters = (length: number): string => {
    const drawn = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const six = byte() & 63;
      if (six < LETTERS.length) drawn[at++] = LETTERS.charCodeAt(six);
    }
    return drawn.toString("latin1");
  };

  return { fraction, below, letters };
};

const TIME_LENGTH = 8;

/** Milliseconds since 1970 as text that sorts as they do, until the year 8888. */
export const timeLetters = (milliseconds: number): string => {
  let [text, rest] = ["", milliseconds];
  for (let place = 0; place < TIME_LENGTH; place++) {
    text = (LETTERS[rest % LETTERS.length] ?? "0") + text;
    rest = Math.floor(rest / LETTERS.length);
  }
  return text;
};
