import { randomBytes } from "node:crypto";

/** Unpredictable numbers, all equally likely. */
export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** From 0 to `bound - 1`. */
  below(bound: bigint): bigint;
  /** A text of `length` letters and digits. */
  alphanumeric(length: number): string;
}

const ALPHANUMERICS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Bytes come from the system in blocks of this size. One call for each number would cost more than everything else. */
const BLOCK_SIZE = 4096;

export const randomFrom = (bytes: (size: number) => Uint8Array = randomBytes): Random => {
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;
  const byte = (): number => {
    if (used >= block.length) {
      block = bytes(BLOCK_SIZE);
      used = 0;
    }
    return block[used++] ?? 0;
  };

  /** Reads as many random bits as the bound has, and reads again if the number is too large. At worst, half of them are. */
  const below = (bound: bigint): bigint => {
    const bits = (bound - 1n).toString(2).length;
    const [size, topMask] = [Math.ceil(bits / 8), (1 << (((bits - 1) % 8) + 1)) - 1];
    for (;;) {
      let hex = (byte() & topMask).toString(16);
      for (let i = 1; i < size; i++) hex += byte().toString(16).padStart(2, "0");
      const value = BigInt(`0x${hex}`);
      if (value < bound) return value;
    }
  };

  const fraction = (): number => {
    let value = byte() & 31;
    for (let i = 0; i < 6; i++) value = value * 256 + byte();
    return value / 2 ** 53;
  };

  /** Six bits have 64 values, and there are 62 characters. For the other two values it reads again, so that no character is likelier. */
  const alphanumeric = (length: number): string => {
    const text = Buffer.allocUnsafe(length);
    for (let position = 0; position < length; ) {
      const index = byte() & 63;
      if (index < ALPHANUMERICS.length) text[position++] = ALPHANUMERICS.charCodeAt(index);
    }
    return text.toString("latin1");
  };

  return { fraction, below, alphanumeric };
};

const TIME_LENGTH = 8;

/** Milliseconds since 1970 as a text that sorts by time, until the year 8888. */
export const encodeTime = (milliseconds: number): string => {
  let [text, rest] = ["", milliseconds];
  for (let digit = 0; digit < TIME_LENGTH; digit++) {
    text = (ALPHANUMERICS[rest % ALPHANUMERICS.length] ?? "0") + text;
    rest = Math.floor(rest / ALPHANUMERICS.length);
  }
  return text;
};
