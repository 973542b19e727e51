import { setTimeout } from "node:timers/promises";
import { campaign, campaignId, creation } from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";

/** Opens files when the time comes, together with all others that were told the same time. */
const [time = "0", ...filenames] = process.argv.slice(2);
const name = `of process ${process.pid}`;
await setTimeout(Math.max(0, Number(time) - Date.now()));

for (const filename of filenames) {
  const repository = await sqliteRepository({ filename });
  const [answer] = await repository.put("campaigns", [creation(campaign({ id: campaignId(name), name }))]);
  await repository.close();
  if (answer !== "written") throw new Error(`The campaign was ${answer}`);
}
