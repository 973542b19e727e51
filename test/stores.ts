import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";

/** Gives an empty repository, apart from every other. */
export type Open = () => Promise<Repository>;

/** Every store that the rules are checked on, for `describe.each`. */
export const stores: readonly (readonly [name: string, open: Open])[] = [["memory", async () => memoryRepository()]];
