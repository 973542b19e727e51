import { mysqlRepository } from "oncecode/mysql";
import { together } from "../workers.ts";

/** Makes the tables, together with other processes that do so at the same moment. */
const [url = "", prefix = ""] = process.argv.slice(2);
await together();
const repository = await mysqlRepository({ url, prefix, onUnsafe: () => undefined });
await repository.close();
