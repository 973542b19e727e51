import { postgresRepository } from "oncecode/postgres";

/** Makes the tables, together with other processes that do so at the same moment. */
const [url = "", schema = "", startAt = "0"] = process.argv.slice(2);
await new Promise((resolve) => setTimeout(resolve, Number(startAt) - Date.now()));
const repository = await postgresRepository({ url, schema, onUnsafe: () => undefined });
await repository.close();
