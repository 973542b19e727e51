import type { Repository } from "oncecode";
import { directory } from "./directory.ts";
import { listing } from "./listing.ts";
import { publications } from "./publications.ts";
import { stock } from "./stock.ts";
import { Store } from "./store.ts";

// `memory/` is the store without a database. It is the specification of the port: the laws compare other stores with it.
// `store.ts` holds the records; the other files have one part of the port each.
// It imports only `oncecode`.

/**
 * A repository in the memory of this process, for tests, demos and short-lived tools. All records are lost when the
 * process ends. Each call finishes its work before it returns a promise, so that no other call can run in between.
 */
export const memoryRepository = (): Repository => {
  const store = new Store();
  return { batchMax: 1000, lanes: 1, ...publications(store), ...stock(store), ...directory(store), ...listing(store) };
};
