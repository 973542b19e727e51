import { campaign, campaignId, creation } from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";
import { waitForOthers } from "../../support/worker-processes.ts";

/** Opens the same files as other processes at the same moment. */
const filenames = process.argv.slice(2);
const name = `of process ${process.pid}`;
await waitForOthers();

for (const filename of filenames) {
  const repository = await sqliteRepository({ filename });
  const [answer] = await repository.put("campaigns", [creation(campaign({ id: campaignId(name), name }))]);
  await repository.close();
  if (answer !== "written") throw new Error(`The campaign was ${answer}`);
}
