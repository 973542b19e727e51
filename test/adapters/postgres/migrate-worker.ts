import { postgresRepository } from "oncecode/postgres";
import { waitForOthers } from "../../support/worker-processes.ts";

/** Creates the tables at the same moment as other processes. */
const [url = "", schema = ""] = process.argv.slice(2);
await waitForOthers();
const repository = await postgresRepository({ url, schema, onUnsafe: () => undefined });
await repository.close();
