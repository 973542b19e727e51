import { setTimeout } from "node:timers/promises";
import { campaign, campaignId, creation } from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";

/** Opens the file when the time comes, together with all others that were told the same time. */
const [filename = "", time = "0"] = process.argv.slice(2);
await setTimeout(Math.max(0, Number(time) - Date.now()));
const repository = await sqliteRepository({ filename });
const name = `of process ${process.pid}`;
const [answer] = await repository.put("campaigns", [creation(campaign({ id: campaignId(name), name }))]);
await repository.close();
if (answer !== "written") throw new Error(`The campaign was ${answer}`);
