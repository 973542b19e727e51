import { mysqlRepository } from "oncecode/mysql";
import { waitForOthers } from "../../support/worker-processes.ts";

/** Creates the tables at the same moment as other processes. */
const [url = "", prefix = ""] = process.argv.slice(2);
await waitForOthers();
const repository = await mysqlRepository({ url, prefix, onUnsafe: () => undefined });
await repository.close();
