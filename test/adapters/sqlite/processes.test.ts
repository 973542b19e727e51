import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createEngine } from "oncecode";
import { expect, it } from "vitest";
import { startProcess, waitForExit } from "../../support/worker-processes.ts";
import { newFile, openHandle, openRepository } from "./temporary-files.ts";

const CODES = 4000;
/** When to kill, and how many publications a process has under way at once. */
const KILL_AFTER = 150;
const CALLERS = 16;

interface Acknowledged {
  readonly id: string;
  readonly codes: readonly string[];
}

const linesOf = async (file: string): Promise<readonly string[]> =>
  existsSync(file) ? (await readFile(file, "utf8")).split("\n").slice(0, -1) : [];

const acknowledgedIn = async (log: string): Promise<readonly Acknowledged[]> =>
  (await linesOf(log)).map((line): Acknowledged => JSON.parse(line));

it("four processes publish a campaign's codes, one of them killed midway: no code twice, none lost, none forgotten", async () => {
  const filename = await newFile();
  const engine = createEngine({ repository: await openRepository(filename) });
  await engine.campaigns.create({
    name: "spring",
    vouchersCount: CODES,
    voucher: { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } },
  });

  const logs = [1, 2, 3, 4].map((n) => join(dirname(filename), `told-${n}.log`));
  const worker = join(import.meta.dirname, "publish-worker.ts");
  const children = logs.map((log) => startProcess(worker, [filename, "spring", log]));
  const exits = Promise.all(children.map(waitForExit));
  while ((await linesOf(logs[0]!)).length < KILL_AFTER) await setTimeout(2);
  children[0]!.kill("SIGKILL");

  const [killed, ...others] = await exits;
  expect(killed).toEqual({ code: null, stderr: "" });
  expect(others).toEqual(Array(3).fill({ code: 0, stderr: "" }));

  const toldEach = await Promise.all(logs.map(acknowledgedIn));
  // All four had a share, so they did work at the same time.
  expect(toldEach.every((mine) => mine.length > KILL_AFTER / 3)).toBe(true);
  const told = toldEach.flat();
  const stored = new Map<string, readonly string[]>();
  for await (const { id, codes } of engine.publications.iterate({ result: "SUCCESS" })) stored.set(id, codes);
  const codes = [...stored.values()].flat();

  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toHaveLength(CODES);
  expect(await engine.campaigns.summary("spring")).toMatchObject({ total: CODES, published: CODES, available: 0 });
  expect(told.filter(({ id, codes: given }) => stored.get(id)?.join() !== given.join())).toEqual([]);
  expect(stored.size - told.length).toBeLessThanOrEqual(CALLERS);
  expect(openHandle(filename).prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
}, 30_000);
