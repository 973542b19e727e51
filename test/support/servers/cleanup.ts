import { spawn } from "node:child_process";
import { join } from "node:path";

/** A message to the cleanup process: add a target to its list, or remove it. */
export interface CleanupOrder {
  readonly isAdded: boolean;
  readonly type: "process" | "folder" | "mount";
  /** A process id, which includes all descendants of the process, or a path. */
  readonly target: string;
}

/**
 * A process that outlives this one, even if this one is killed. It ends the servers and deletes the folders that are left,
 * and then exits.
 */
export interface Cleanup {
  add(type: CleanupOrder["type"], target: string | number): void;
  remove(type: CleanupOrder["type"], target: string | number): void;
  /** Cleans up everything on the list and waits until that is done. */
  finish(): Promise<void>;
}

export const startCleanup = (): Cleanup => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "cleanup-process.ts")], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true, // Ctrl-C signals the whole process group, and the cleanup must survive it.
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => undefined);
  child.unref();
  const send = (isAdded: boolean, type: CleanupOrder["type"], target: string | number): void => {
    child.stdin.write(`${JSON.stringify({ isAdded, type, target: String(target) } satisfies CleanupOrder)}\n`);
  };
  return {
    add: (type, target) => send(true, type, target),
    remove: (type, target) => send(false, type, target),
    finish: async () => {
      child.ref();
      child.stdin.end();
      await closed;
    },
  };
};
