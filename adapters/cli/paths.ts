import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the package, by its path from the root. Compiled code is in another folder than its data. */
const packagePath = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.resolve("oncecode/package.json")));

export const manifestPath = (): string => packagePath("package.json");
export const demoListPath = (list: "codes.csv" | "customers.csv"): string => packagePath(`adapters/cli/demo/${list}`);

/** A path for people: relative to the current folder, if that is shorter. */
export const displayPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
};
