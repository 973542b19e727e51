import type { Pace } from "./contest.ts";
import type { PaceName } from "./results.ts";

const QUICK: Pace = {
  isQuick: true,
  rounds: 1,
  seconds: 0.1,
  vouchers: 8000,
  campaigns: 50,
  sizes: [1000, 10_000],
  created: 10_000,
  held: 0.4,
};
const FULL: Pace = {
  isQuick: false,
  rounds: 3,
  seconds: 0.8,
  vouchers: 100_000,
  campaigns: 1000,
  sizes: [10_000, 1_000_000],
  created: 1_000_000,
  held: 60,
};

export const PACES: Readonly<Record<PaceName, Pace>> = {
  quick: QUICK,
  full: FULL,
  large: { ...FULL, sizes: [...FULL.sizes, 10_000_000] },
};
