import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { CleanupOrder } from "./cleanup.ts";
import { killTree } from "./process-tree.ts";

/** Waits for the end of its input, which is the end of whoever started it, and then clears away what they left. */
const pending = new Map<string, CleanupOrder>();
for await (const line of createInterface(process.stdin)) {
  const { isAdded, ...order }: CleanupOrder = JSON.parse(line);
  if (isAdded) pending.set(JSON.stringify(order), { isAdded, ...order });
  else pending.delete(JSON.stringify(order));
}

const remaining = [...pending.values()];
for (const { type, target } of remaining) if (type === "process") await killTree(Number(target));
for (const { type, target: what } of remaining) if (type === "mount") spawnSync("umount", ["--lazy", what]);
for (const { type, target: what } of remaining) if (type === "folder") rmSync(what, { recursive: true, force: true });
