import type { Repository } from "oncecode";
import { directory } from "./directory.ts";
import { listing } from "./listing.ts";
import { publications } from "./publications.ts";
import { stock } from "./stock.ts";
import { Store } from "./store.ts";

/**
 * Keeps everything in this process's memory, for as long as it runs: for tests, demos and short-lived tools.
 *
 * It is also the specification of the port: the laws compare other stores with it. Each call does all of its work
 * before it returns its promise, so no other call can come in between.
 */
export const memoryRepository = (): Repository => {
  const store = new Store();
  return { batchMax: 1000, lanes: 1, ...publications(store), ...stock(store), ...directory(store), ...listing(store) };
};
