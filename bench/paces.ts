import type { Pace } from "./contest.ts";
import type { PaceName } from "./results.ts";

export const PACES: Readonly<Record<PaceName, Pace>> = {
  quick: { isQuick: true, rounds: 1, seconds: 0.1, vouchers: 8000, sizes: [1000, 10_000], created: 10_000, held: 0.5 },
  full: {
    ...{ isQuick: false, rounds: 3, seconds: 1, vouchers: 200_000, created: 1_000_000, held: 60 },
    sizes: [10_000, 1_000_000],
  },
  large: {
    ...{ isQuick: false, rounds: 3, seconds: 1, vouchers: 200_000, created: 1_000_000, held: 60 },
    sizes: [10_000, 1_000_000, 10_000_000],
  },
};
