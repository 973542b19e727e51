import { createHash } from "node:crypto";
import type { EngineOptions } from "oncecode";

/** Options with which an engine returns the same results in each run: clock, ids and random bytes are counters or hashes. */
export const deterministicOptions = (): Required<Pick<EngineOptions, "clock" | "nextId" | "randomBytes">> => {
  let [ticks, ids, blocks] = [0, 0, 0];
  const bytes = (): Uint8Array => createHash("sha512").update(`block ${blocks++}`).digest();
  return {
    clock: () => new Date(Date.UTC(2026, 2, 1) + 1000 * Math.floor(ticks++ / 7)),
    nextId: (prefix) => `${prefix}${String(ids++).padStart(8, "0")}`,
    randomBytes: (size) => Buffer.concat(Array.from({ length: Math.ceil(size / 64) }, bytes)).subarray(0, size),
  };
};
