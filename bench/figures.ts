import { mkdtemp, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { type Baseline, baseline } from "./baseline.ts";
import { customerOf, engineWith, median, publishing, seconds } from "./load.ts";

/**
 * The figures of the README, in one run on one file system: `npm run figures [-- FOLDER]`. The folder holds the
 * databases while it runs. Rounds alternate between what is compared, and the median of the rounds is printed.
 */
const ROUNDS = 3;
const CALLERS = 64;
const MILLION = 1_000_000;

type Synchronous = "FULL" | "NORMAL";

const folder = await mkdtemp(join(process.argv[2] ?? ".", "oncecode-bench-"));
let files = 0;
const freshFile = (): string => join(folder, `${files++}.db`);

const whole = (figure: number): string => Math.round(figure).toLocaleString("en");
const print = (what: string, figure: string, note = ""): void =>
  console.log(`${what.padEnd(52)} ${figure.padStart(12)}  ${note}`);

/** Publications per second of each contender, the median of rounds in turn. */
const race = async (
  contenders: Readonly<Record<string, () => Promise<number>>>,
): Promise<ReadonlyMap<string, number>> => {
  const speeds = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, run] of Object.entries(contenders)) speeds.get(name)?.push(await run());
  return new Map([...speeds].map(([name, all]) => [name, median(all)]));
};

const byHand = (db: Baseline, count: number, batch: number) => async (): Promise<number> => {
  const took = await seconds(async () => {
    for (let i = 0; i < count; i += batch) db.publish(Array.from({ length: batch }, (_, j) => customerOf(i + j)));
  });
  return count / took;
};

const throughput = async (synchronous: Synchronous): Promise<void> => {
  const repository = await sqliteRepository({ filename: freshFile(), synchronous });
  const [vouchers, many, few] = [200_000, 12_800, 640];
  const engine = await engineWith(repository, vouchers);
  const db = baseline(freshFile(), synchronous, vouchers);
  const speeds = await race({
    "by hand, one a commit": byHand(db, few, 1),
    "oncecode, 1 caller": () => publishing(engine, few, 1),
    "by hand, 64 a commit": byHand(db, many, CALLERS),
    "oncecode, 64 callers": () => publishing(engine, many, CALLERS),
  });
  const ours = speeds.get("oncecode, 64 callers") ?? Number.NaN;
  for (const [name, speed] of speeds)
    print(
      `SQLite ${synchronous}: ${name}`,
      `${whole(speed)}/s`,
      `oncecode with 64 callers is ${(ours / speed).toFixed(2)} times that`,
    );
  await repository.close();
  db.close();
};

const memory = async (): Promise<void> => {
  for (const callers of [CALLERS, 1]) {
    const speeds: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      speeds.push(await publishing(await engineWith(memoryRepository(), 110_000), 100_000, callers));
    print(`Memory: oncecode, ${callers} caller${callers > 1 ? "s" : ""}`, `${whole(median(speeds))}/s`);
  }
};

/** Time per publication in pools of different size and state, in turn. */
const flatness = async (): Promise<void> => {
  const open = async (vouchers: number) => {
    const repository = await sqliteRepository({ filename: freshFile() });
    return { repository, engine: await engineWith(repository, vouchers) };
  };
  const small = await open(10_000 + ROUNDS * 2000);
  const started = performance.now();
  const large = await open(MILLION);
  const created = (performance.now() - started) / 1000;
  print("SQLite FULL: codes created, a million in all", `${whole(MILLION / created)}/s`);
  const smallByHand = baseline(freshFile(), "FULL", 10_000 + ROUNDS * 1984);
  const largeByHand = baseline(freshFile(), "FULL", MILLION);
  const speeds = await race({
    "of some 10 thousand": () => publishing(small.engine, 1984, CALLERS),
    "of a million": () => publishing(large.engine, 1984, CALLERS),
    "of some 10 thousand, by hand": byHand(smallByHand, 1984, CALLERS),
    "of a million, by hand": byHand(largeByHand, 1984, CALLERS),
  });
  const [few = Number.NaN, many = Number.NaN, fewByHand = Number.NaN, manyByHand = Number.NaN] = speeds.values();
  for (const [name, speed] of speeds) print(`A publication from a pool ${name}`, `${(1e6 / speed).toFixed(0)} µs`);
  print("… the million, compared with the ten thousand", `${(few / many).toFixed(2)} times`);
  print("… the same by hand", `${(fewByHand / manyByHand).toFixed(2)} times`);

  const depleted = await open(100_000);
  await publishing(depleted.engine, 98_000, CALLERS);
  const full = await publishing((await open(100_000)).engine, 1900, CALLERS);
  const last = await publishing(depleted.engine, 1900, CALLERS);
  print("… from 98 to 99.9 % given out, compared with a full pool", `${(full / last).toFixed(2)} times`);
};

try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}\n`);
  await throughput("FULL");
  await throughput("NORMAL");
  await memory();
  await flatness();
} finally {
  await rm(folder, { recursive: true });
}
