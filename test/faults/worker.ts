import { setTimeout } from "node:timers/promises";
import { createEngine, isOncecodeError } from "oncecode";
import { openBroken } from "./broken/claiming.ts";
import { isBugName, WRAPPED } from "./broken/index.ts";
import type { End, Request } from "./history.ts";
import type { OpenRepository } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import { Ledger } from "./ledger.ts";
import { seeded } from "./seeded.ts";
import { Requests, type Supply } from "./workload.ts";

/** What a worker is told when it is started, as JSON. */
export interface Task {
  readonly kind: string;
  readonly url: string;
  readonly name: string;
  readonly ledger: string;
  readonly seed: number;
  readonly supply: Supply;
  /** When the run began, the same for all. */
  readonly began: number;
  readonly callers: number;
  readonly connections?: number;
  readonly isUnsafe?: boolean;
  /** What is wrong with it. */
  readonly bug?: string;
}

/** For how long to try to reach the server, at first and when something is to be resolved. */
const PATIENCE = 20_000;
/** For how long a server may still be at what it was asked on a connection that is broken. */
const ARRIVAL = 3000;

const task: Task = JSON.parse(process.argv[2] ?? "");
const { kind, url, bug = "", connections, isUnsafe = false } = task;

/** Until it is done, or patience is at an end. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const deadline = Date.now() + PATIENCE; ; await setTimeout(50))
    try {
      return await work();
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
    }
};

const open = async (): Promise<OpenRepository> => {
  const { source, open: openRight } = kindOf(kind);
  if (isBugName(bug)) return openBroken(bug, await source(url));
  const repository = await openRight(url, { isUnsafe, ...(connections === undefined ? {} : { connections }) });
  return { ...(WRAPPED[bug]?.(repository) ?? repository), close: () => repository.close() };
};

const repository = await patiently(open);
// Every second worker makes more at once than are missing.
const { publications } = createEngine({ repository, extendBy: task.seed % 2 === 0 ? 20 : 0 });
const ledger = new Ledger(task.ledger);
const requests = new Requests(seeded(task.seed), task.supply, task.began);
let isStopped = false;
let asked = 0;

/**
 * The codes published with this id, null for nothing. A statement whose connection broke may still be on its way in the
 * server, so nothing is only believed after a while.
 */
const resolve = async (id: string): Promise<readonly string[] | null | undefined> => {
  for (const deadline = Date.now() + ARRIVAL; ; await setTimeout(100)) {
    const found = await patiently(() => publications.resolve(id)).catch(() => undefined);
    if (found !== null) return found?.codes;
    if (Date.now() > deadline) return null;
  }
};

const publish = (name: string, { campaign, voucher, count, customer, sourceId }: Request) =>
  publications.create({
    ...(voucher === null ? { campaign: { name: campaign, count } } : { voucher }),
    customer,
    sourceId,
    metadata: { attempt: name },
  });

const attempt = async (name: string, request: Request): Promise<void> => {
  ledger.asked(name, request);
  try {
    const { id, codes } = await publish(name, request);
    ledger.ended(name, { type: "given", at: Date.now(), id, codes });
  } catch (thrown) {
    if (!isOncecodeError(thrown)) throw thrown;
    const at = Date.now();
    if (thrown.code === "outcome_unknown") {
      const end: End = { type: "unknown", at, id: thrown.publicationId ?? "" };
      ledger.ended(name, end);
      const resolved = await resolve(end.id);
      if (resolved !== undefined) ledger.ended(name, { ...end, resolved });
      return;
    }
    ledger.ended(name, { type: "refused", at, code: thrown.code });
    if (thrown.code === "no_voucher_suitable_for_publication") requests.sawEmpty(request.campaign);
    // A host that is told to try again does so a little later.
    if (thrown.code === "storage_failed") await setTimeout(20);
  }
};

const call = async (): Promise<void> => {
  while (!isStopped) {
    asked += 1;
    const name = `${task.name}/${asked}`;
    await attempt(name, requests.next(name));
  }
};

const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
// It begins and ends when it is told to, and ends when nobody is left to tell it.
process.stdin.on("data", (said) => {
  isStopped ||= String(said).includes("stop");
  begin();
});
process.stdin.on("end", () => process.exit(isStopped ? 0 : 1));

process.stdout.write("ready\n");
await begun;
await Promise.all(Array.from({ length: task.callers }, call));
await repository.close();
ledger.close();
process.stdin.destroy();
