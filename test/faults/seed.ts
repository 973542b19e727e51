import { hash, randomInt } from "node:crypto";

/** Another one each time, unless a run is to be made again: `ONCECODE_SEED=… npm run test:faults`. */
const runSeed: number = Number(process.env.ONCECODE_SEED ?? randomInt(1, 2 ** 31));

/** Each trial has a seed of its own that follows from the one of the run, which is the seed of "". */
export const seedOf = (trial: string): number =>
  trial === "" ? runSeed : (runSeed + Number.parseInt(hash("sha256", trial).slice(0, 7), 16)) % 2 ** 31;
