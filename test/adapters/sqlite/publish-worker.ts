import { appendFileSync } from "node:fs";
import { createEngine, isOncecodeError } from "oncecode";
import { sqliteRepository } from "oncecode/sqlite";

/** Publishes until the campaign has no more codes. Logs each publication as soon as it is acknowledged. */
const [filename = "", campaign = "", log = ""] = process.argv.slice(2);
const CALLERS = 16;

const repository = await sqliteRepository({ filename });
const { publications } = createEngine({ repository });
let requestCount = 0;

const publishOne = async (): Promise<boolean> => {
  requestCount += 1;
  const customer = { sourceId: `customer ${requestCount} of process ${process.pid}` };
  try {
    const { id, codes } = await publications.create({ campaign: { name: campaign }, customer });
    appendFileSync(log, `${JSON.stringify({ id, codes })}\n`);
    return true;
  } catch (thrown) {
    if (isOncecodeError(thrown) && thrown.code === "no_voucher_suitable_for_publication") return false;
    throw thrown;
  }
};

const publishMany = async (): Promise<void> => {
  while (await publishOne());
};

await Promise.all(Array.from({ length: CALLERS }, publishMany));
await repository.close();
