import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Attempt, AttemptOutcome, Request } from "./history.ts";

type LogLine =
  | { readonly type: "started"; readonly name: string; readonly at: number; readonly request: Request }
  | { readonly type: "answered"; readonly name: string; readonly outcome: AttemptOutcome };

/** A file with one line before each call and one after it. The kernel keeps written lines even if the process is killed. */
export class AttemptLog {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  start(name: string, request: Request): void {
    this.#write({ type: "started", name, at: Date.now(), request });
  }

  end(name: string, outcome: AttemptOutcome): void {
    this.#write({ type: "answered", name, outcome });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: LogLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** The last line of a killed worker may be incomplete, so an incomplete line is ignored. */
export const readAttempts = (path: string, isKilled: boolean): readonly Attempt[] => {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  const attempts = new Map<string, Attempt>();
  for (const text of lines) {
    const line: LogLine = JSON.parse(text);
    const attempt = attempts.get(line.name);
    if (line.type === "started")
      attempts.set(line.name, { name: line.name, request: line.request, startedAt: line.at, outcome: null, isKilled });
    else if (attempt !== undefined) attempts.set(line.name, { ...attempt, outcome: line.outcome });
  }
  return [...attempts.values()];
};
