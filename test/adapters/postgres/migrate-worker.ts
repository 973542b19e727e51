import { postgresRepository } from "oncecode/postgres";
import { waitForOthers } from "../../support/worker-processes.ts";

/** Makes the tables, together with other processes that do so at the same moment. */
const [url = "", schema = ""] = process.argv.slice(2);
await waitForOthers();
const repository = await postgresRepository({ url, schema, onUnsafe: () => undefined });
await repository.close();
