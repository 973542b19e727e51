import { relative } from "node:path";

/** A path as people write it: from here, where that is shorter. */
export const shownPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
};
