import { mysqlRepository } from "oncecode/mysql";
import { waitForOthers } from "../../support/worker-processes.ts";

/** Makes the tables, together with other processes that do so at the same moment. */
const [url = "", prefix = ""] = process.argv.slice(2);
await waitForOthers();
const repository = await mysqlRepository({ url, prefix, onUnsafe: () => undefined });
await repository.close();
