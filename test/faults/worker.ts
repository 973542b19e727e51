import { setTimeout } from "node:timers/promises";
import { createEngine, isOncecodeError } from "oncecode";
import { AttemptLog } from "./attempt-log.ts";
import { openBroken } from "./broken/claims.ts";
import { BROKEN_WRAPPERS, isBugName } from "./broken/index.ts";
import type { AttemptOutcome, Request } from "./history.ts";
import { seededRandom } from "./seeded-random.ts";
import type { OpenRepository } from "./server-kind.ts";
import { serverKind } from "./server-kinds.ts";
import { RequestGenerator, type Supply } from "./workload.ts";

/** The arguments of a worker, as JSON. */
export interface Task {
  readonly kind: string;
  readonly url: string;
  readonly name: string;
  readonly logFile: string;
  readonly seed: number;
  readonly supply: Supply;
  /** The start of the run, the same for all workers. */
  readonly startedAt: number;
  readonly callers: number;
  readonly connections?: number;
  readonly isUnsafe?: boolean;
  /** The bug of the worker, if it has one. */
  readonly bug?: string;
}

/** The time for reaching the server, at the start and for `resolve`. */
const RETRY_TIMEOUT = 20_000;
/** The time for which a server may still run a statement of a broken connection. */
const LATE_ARRIVAL_MAX = 3000;

const task: Task = JSON.parse(process.argv[2] ?? "");
const { kind, url, bug = "", connections, isUnsafe = false } = task;

/** Repeats `work` until it succeeds or the time is over. */
const retryUntilTimeout = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const deadline = Date.now() + RETRY_TIMEOUT; ; await setTimeout(50))
    try {
      return await work();
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
    }
};

const open = async (): Promise<OpenRepository> => {
  const { connectionSource, open: openCorrect } = serverKind(kind);
  if (isBugName(bug)) return openBroken(bug, await connectionSource(url));
  const repository = await openCorrect(url, { isUnsafe, ...(connections === undefined ? {} : { connections }) });
  return { ...(BROKEN_WRAPPERS[bug]?.(repository) ?? repository), close: () => repository.close() };
};

const repository = await retryUntilTimeout(open);
// Every second worker creates spares.
const { publications } = createEngine({ repository, extendBy: task.seed % 2 === 0 ? 20 : 0 });
const attemptLog = new AttemptLog(task.logFile);
const requests = new RequestGenerator(seededRandom(task.seed), task.supply, task.startedAt);
let isStopped = false;
let attemptCount = 0;

/**
 * Resolves a publication: its codes, or null. The server may still run a statement of a broken connection, so null counts
 * only after some time.
 */
const resolve = async (id: string): Promise<readonly string[] | null | undefined> => {
  for (const deadline = Date.now() + LATE_ARRIVAL_MAX; ; await setTimeout(100)) {
    const found = await retryUntilTimeout(() => publications.resolve(id)).catch(() => undefined);
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
  attemptLog.start(name, request);
  try {
    const { id, codes } = await publish(name, request);
    attemptLog.end(name, { type: "acknowledged", at: Date.now(), id, codes });
  } catch (thrown) {
    if (!isOncecodeError(thrown)) throw thrown;
    const at = Date.now();
    if (thrown.code === "outcome_unknown") {
      const outcome: AttemptOutcome = { type: "unknown", at, id: thrown.publicationId ?? "" };
      attemptLog.end(name, outcome);
      const resolved = await resolve(outcome.id);
      if (resolved !== undefined) attemptLog.end(name, { ...outcome, resolved });
      return;
    }
    attemptLog.end(name, { type: "refused", at, code: thrown.code });
    if (thrown.code === "no_voucher_suitable_for_publication") requests.markEmpty(request.campaign);
    // A host would wait a little before a retry.
    if (thrown.code === "storage_failed") await setTimeout(20);
  }
};

const publishUntilStopped = async (): Promise<void> => {
  while (!isStopped) {
    attemptCount += 1;
    const name = `${task.name}/${attemptCount}`;
    await attempt(name, requests.next(name));
  }
};

const { promise: startMessage, resolve: start } = Promise.withResolvers<void>();
// The parent process starts and stops the worker. The worker also stops when the parent has gone.
process.stdin.on("data", (message) => {
  isStopped ||= String(message).includes("stop");
  start();
});
process.stdin.on("end", () => process.exit(isStopped ? 0 : 1));

process.stdout.write("ready\n");
await startMessage;
await Promise.all(Array.from({ length: task.callers }, publishUntilStopped));
await repository.close();
attemptLog.close();
process.stdin.destroy();
