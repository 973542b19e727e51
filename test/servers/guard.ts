import { spawn } from "node:child_process";
import { join } from "node:path";

/** What the guard hears: to keep something in mind, or that it is gone. */
export interface Order {
  readonly keep: boolean;
  readonly type: "process" | "folder" | "mount";
  /** A process id, which stands for all that descend from it; a path. */
  readonly what: string;
}

/** A process that outlives this one, whatever ends it, just long enough to clear away what this one could not. */
export interface Guard {
  keep(type: Order["type"], what: string | number): void;
  forget(type: Order["type"], what: string | number): void;
  /** Clears away what is still kept, and waits for that. */
  end(): Promise<void>;
}

export const startGuard = (): Guard => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "guard-process.ts")], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true, // A signal for the terminal's whole group is not for it.
  });
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => undefined);
  child.unref();
  const tell = (keep: boolean, type: Order["type"], what: string | number): void => {
    child.stdin.write(`${JSON.stringify({ keep, type, what: String(what) } satisfies Order)}\n`);
  };
  return {
    keep: (type, what) => tell(true, type, what),
    forget: (type, what) => tell(false, type, what),
    end: async () => {
      child.ref();
      child.stdin.end();
      await over;
    },
  };
};
