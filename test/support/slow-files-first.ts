import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longest, the longest first. Vitest knows durations only from an earlier run. Without one it starts the
 * largest files first, and some of these are small.
 */
const SLOW_FILES = [
  "conformance/laws.test.ts",
  "properties/store-equivalence.test.ts",
  "properties/code-invariants.test.ts",
  "properties/request-invariants.test.ts",
  "conformance/broken-stores.test.ts",
  "hostile/attacks.test.ts",
  "adapters/sqlite/within.test.ts",
  "adapters/postgres/migrations.test.ts",
  "adapters/sql/unresponsive-server.test.ts",
].map((file) => resolve(import.meta.dirname, "..", file));

const positionOf = ({ moduleId }: TestSpecification): number => {
  const position = SLOW_FILES.indexOf(resolve(moduleId));
  return position === -1 ? SLOW_FILES.length : position;
};

/** Starts slow files first. A slow file that starts last would run alone, while the other workers have nothing to do. */
export class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = SLOW_FILES.filter((file) => !existsSync(file));
    if (missing.length > 0) throw new Error(`Correct the list in slow-files-first.ts: no file ${missing.join(", ")}`);
    return (await super.sort(files)).sort((a, b) => positionOf(a) - positionOf(b));
  }
}
