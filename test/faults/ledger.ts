import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Attempt, End, Request } from "./history.ts";

type Line =
  | { readonly type: "asked"; readonly name: string; readonly at: number; readonly request: Request }
  | { readonly type: "ended"; readonly name: string; readonly end: End };

/** Written before each call and after it. What is written stays when the process is killed, since it is the kernel's by then. */
export class Ledger {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  asked(name: string, request: Request): void {
    this.#write({ type: "asked", name, at: Date.now(), request });
  }

  ended(name: string, end: End): void {
    this.#write({ type: "ended", name, end });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** Of a worker that was killed, the last line may be there in part, and is then as good as not written. */
export const attemptsIn = (path: string, isKilled: boolean): readonly Attempt[] => {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  const attempts = new Map<string, Attempt>();
  for (const text of lines) {
    const line: Line = JSON.parse(text);
    const asked = attempts.get(line.name);
    if (line.type === "asked")
      attempts.set(line.name, { name: line.name, request: line.request, askedAt: line.at, end: null, isKilled });
    else if (asked !== undefined) attempts.set(line.name, { ...asked, end: line.end });
  }
  return [...attempts.values()];
};
