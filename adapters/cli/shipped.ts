import { fileURLToPath } from "node:url";

/** Files that come with the package. Found from its root, since compiled code lies in another folder than its data. */
const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.resolve("oncecode/package.json")));

export const manifestPath = (): string => fromRoot("package.json");
export const shippedPath = (list: "codes.csv" | "customers.csv"): string => fromRoot(`adapters/cli/demo/${list}`);
