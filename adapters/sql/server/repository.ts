import type { Repository } from "oncecode";
import type { Database } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { directoryOn } from "./directory.ts";
import { listingOn } from "./listing.ts";
import { publicationsOn } from "./publications.ts";
import { portCalls } from "./retries.ts";
import { stockOn } from "./stock.ts";

/** Above it, one call would keep others waiting for longer than it saves them. */
const BATCH_MAX = 1000;

/** While one batch waits for its commit to reach the disk, the next is on its way. */
const LANES = 4;

/** Repositories on one server. `patience`: for how many milliseconds to try again what may succeed a little later. */
export const repositoryFactory = (dialect: ServerDialect): ((database: Database, patience: number) => Repository) => {
  const [directory, stock] = [directoryOn(dialect), stockOn(dialect)];
  return (database, patience) => {
    const portCall = portCalls(patience);
    return {
      batchMax: BATCH_MAX,
      lanes: LANES,
      ...publicationsOn(database, dialect, portCall),
      ...stock(database, portCall),
      ...directory(database, portCall),
      ...listingOn(database, dialect, portCall),
    };
  };
};
