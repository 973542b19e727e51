import type { Profile } from "./comparison.ts";
import type { ProfileName } from "./results.ts";

const QUICK: Profile = {
  isQuick: true,
  rounds: 1,
  seconds: 0.1,
  vouchers: 8000,
  campaigns: 50,
  sizes: [1000, 10_000],
  vouchersToCreate: 10_000,
  openTransactionSeconds: 0.4,
};
const FULL: Profile = {
  isQuick: false,
  rounds: 3,
  seconds: 0.8,
  vouchers: 100_000,
  campaigns: 1000,
  sizes: [10_000, 1_000_000],
  vouchersToCreate: 1_000_000,
  openTransactionSeconds: 60,
};

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  quick: QUICK,
  full: FULL,
  large: { ...FULL, sizes: [...FULL.sizes, 10_000_000] },
};
