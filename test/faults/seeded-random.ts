/** Random numbers from a seed. With the same seed a failed run can be repeated, except for the timing of the machine. */
export interface SeededRandom {
  /** In [0, 1). */
  fraction(): number;
  /** From 0 to `below` - 1. */
  below(below: number): number;
  chance(of: number): boolean;
}

/** The generator called mulberry32. */
export const seededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    below: (below) => Math.floor(fraction() * below),
    chance: (of) => fraction() < of,
  };
};
