import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const TSC = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
const OPTIONS = ["--module", "nodenext", "--target", "es2024", "--strict", "--noEmit", "--types", "node"];
const CONDITIONS = [
  "--ignoreConfig",
  "--customConditions",
  "dev-source",
  "--allowImportingTsExtensions",
  "--skipLibCheck",
];

/** Compiles programs with the strict settings of a user. Rejects if a program has an error. */
export const compile = (...files: readonly string[]): Promise<unknown> =>
  promisify(execFile)(process.execPath, [TSC, ...OPTIONS, ...CONDITIONS, ...files]);
