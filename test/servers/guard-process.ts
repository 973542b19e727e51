import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Order } from "./guard.ts";
import { killTree } from "./processes.ts";

/** Waits for the end of its input, which is the end of whoever started it, and then clears away what they left. */
const kept = new Map<string, Order>();
for await (const line of createInterface(process.stdin)) {
  const { keep, ...order }: Order = JSON.parse(line);
  if (keep) kept.set(JSON.stringify(order), { keep, ...order });
  else kept.delete(JSON.stringify(order));
}

const left = [...kept.values()];
for (const { type, what } of left) if (type === "process") await killTree(Number(what));
for (const { type, what } of left) if (type === "mount") spawnSync("umount", ["--lazy", what]);
for (const { type, what } of left) if (type === "folder") rmSync(what, { recursive: true, force: true });
