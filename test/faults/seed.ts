import { hash, randomInt } from "node:crypto";

/** A random seed, or the one of an earlier run: `ONCECODE_SEED=… npm run test:faults`. */
const runSeed: number = Number(process.env.ONCECODE_SEED ?? randomInt(1, 2 ** 31));

/** The seed of a trial, derived from the seed of the run. */
export const seedOf = (trial: string): number =>
  trial === "" ? runSeed : (runSeed + Number.parseInt(hash("sha256", trial).slice(0, 7), 16)) % 2 ** 31;
