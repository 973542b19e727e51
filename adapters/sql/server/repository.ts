import type { Repository } from "oncecode";
import type { Database } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { directoryOn } from "./directory.ts";
import { listingOn } from "./listing.ts";
import { publicationsOn } from "./publications.ts";
import { portCalls } from "./retries.ts";
import { stockOn } from "./stock.ts";

/** A larger batch would delay other calls by more time than it saves. */
const BATCH_MAX = 1000;

/** While the commit of one batch waits for the disk, other batches can be on their way. */
const LANES = 4;

// `server/` holds the part of the SQL adapters that PostgreSQL and MariaDB share. This file puts the repository together.
// The statements that differ come from a `ServerDialect`, such as `../postgres/dialect.ts`.
// It imports `oncecode`, Kysely and the files of `../`, but no driver and no dialect.

/** Creates repositories on one server. `patience` is the time for retries, in milliseconds. */
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
