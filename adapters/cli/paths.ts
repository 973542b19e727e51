import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that come with the package. Found from its root, since compiled code lies in another folder than its data. */
const packagePath = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.resolve("oncecode/package.json")));

export const manifestPath = (): string => packagePath("package.json");
export const demoListPath = (list: "codes.csv" | "customers.csv"): string => packagePath(`adapters/cli/demo/${list}`);

/** A path as people write it: from here, where that is shorter. */
export const displayPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
};
