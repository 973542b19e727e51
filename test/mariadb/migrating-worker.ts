import { mysqlRepository } from "oncecode/mysql";

/** Makes the tables, together with other processes that do so at the same moment. */
const [url = "", prefix = "", startAt = "0"] = process.argv.slice(2);
await new Promise((resolve) => setTimeout(resolve, Number(startAt) - Date.now()));
const repository = await mysqlRepository({ url, prefix, onUnsafe: () => undefined });
await repository.close();
