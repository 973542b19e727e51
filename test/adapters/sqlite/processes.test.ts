import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createEngine } from "oncecode";
import { expect, it } from "vitest";
import { startProcess, waitForExit } from "../../support/worker-processes.ts";
import { newFile, openHandle, openRepository } from "./temporary-files.ts";

const CODES = 4000;
/** The first process is killed after this many publications. */
const KILL_AFTER = 150;
/** Each process has this many publications under way at once. */
const CALLERS = 16;

interface Acknowledged {
  readonly id: string;
  readonly codes: readonly string[];
}

const linesOf = async (file: string): Promise<readonly string[]> =>
  existsSync(file) ? (await readFile(file, "utf8")).split("\n").slice(0, -1) : [];

const acknowledgedIn = async (log: string): Promise<readonly Acknowledged[]> =>
  (await linesOf(log)).map((line): Acknowledged => JSON.parse(line));

it("four processes publish a campaign and one is killed: no code is published twice, and no code or acknowledged publication is lost", async () => {
  const filename = await newFile();
  const engine = createEngine({ repository: await openRepository(filename) });
  await engine.campaigns.create({
    name: "spring",
    vouchersCount: CODES,
    voucher: { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } },
  });

  const logs = [1, 2, 3, 4].map((n) => join(dirname(filename), `acknowledged-${n}.log`));
  const worker = join(import.meta.dirname, "publish-worker.ts");
  const children = logs.map((log) => startProcess(worker, [filename, "spring", log]));
  const exits = Promise.all(children.map(waitForExit));
  while ((await linesOf(logs[0]!)).length < KILL_AFTER) await setTimeout(2);
  children[0]!.kill("SIGKILL");

  const [killed, ...others] = await exits;
  expect(killed).toEqual({ code: null, stderr: "" });
  expect(others).toEqual(Array(3).fill({ code: 0, stderr: "" }));

  const acknowledgedEach = await Promise.all(logs.map(acknowledgedIn));
  // Each process has published some codes, so they have run at the same time.
  expect(acknowledgedEach.every((publications) => publications.length > KILL_AFTER / 3)).toBe(true);
  const acknowledged = acknowledgedEach.flat();
  const stored = new Map<string, readonly string[]>();
  for await (const { id, codes } of engine.publications.iterate({ result: "SUCCESS" })) stored.set(id, codes);
  const codes = [...stored.values()].flat();

  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toHaveLength(CODES);
  expect(await engine.campaigns.summary("spring")).toMatchObject({ total: CODES, published: CODES, available: 0 });
  expect(acknowledged.filter((publication) => stored.get(publication.id)?.join() !== publication.codes.join())).toEqual(
    [],
  );
  expect(stored.size - acknowledged.length).toBeLessThanOrEqual(CALLERS);
  expect(openHandle(filename).prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
}, 30_000);
