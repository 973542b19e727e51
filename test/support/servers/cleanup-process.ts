import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { CleanupOrder } from "./cleanup.ts";
import { killTree } from "./process-tree.ts";

/** Input ends when the process that started this one ends. Then this process cleans up everything on its list. */
const pending = new Map<string, CleanupOrder>();
for await (const line of createInterface(process.stdin)) {
  const { isAdded, ...order }: CleanupOrder = JSON.parse(line);
  if (isAdded) pending.set(JSON.stringify(order), { isAdded, ...order });
  else pending.delete(JSON.stringify(order));
}

const remaining = [...pending.values()];
for (const { type, target } of remaining) if (type === "process") await killTree(Number(target));
for (const { type, target } of remaining) if (type === "mount") spawnSync("umount", ["--lazy", target]);
for (const { type, target } of remaining) if (type === "folder") rmSync(target, { recursive: true, force: true });
