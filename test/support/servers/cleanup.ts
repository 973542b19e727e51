import { spawn } from "node:child_process";
import { join } from "node:path";

/** What the guard hears: to keep something in mind, or that it is gone. */
export interface CleanupOrder {
  readonly isAdded: boolean;
  readonly type: "process" | "folder" | "mount";
  /** A process id, which stands for all that descend from it; a path. */
  readonly target: string;
}

/** A process that outlives this one, whatever ends it, just long enough to clear away what this one could not. */
export interface Cleanup {
  add(type: CleanupOrder["type"], what: string | number): void;
  remove(type: CleanupOrder["type"], what: string | number): void;
  /** Clears away what is still kept, and waits for that. */
  finish(): Promise<void>;
}

export const startCleanup = (): Cleanup => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "cleanup-process.ts")], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true, // A signal for the terminal's whole group is not for it.
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => undefined);
  child.unref();
  const send = (keep: boolean, type: CleanupOrder["type"], what: string | number): void => {
    child.stdin.write(`${JSON.stringify({ isAdded: keep, type, target: String(what) } satisfies CleanupOrder)}\n`);
  };
  return {
    add: (type, what) => send(true, type, what),
    remove: (type, what) => send(false, type, what),
    finish: async () => {
      child.ref();
      child.stdin.end();
      await closed;
    },
  };
};
