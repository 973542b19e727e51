import { styleText } from "node:util";
import { formatNumber, type Line } from "./layout.ts";

const FORMATS = { title: "bold", detail: "dim", good: "green", bad: "red" } as const;
const applyStyle = ({ style, text }: Line): string =>
  style === "plain" || text === "" ? text : styleText(FORMATS[style], text);

export interface ProgressBar {
  update(done: number): void;
  end(): void;
}

/** All output of the command: the report goes to stdout, progress and errors go to stderr. */
export interface Terminal {
  print(lines: readonly Line[]): void;
  printError(message: string): void;
  progressBar(label: string, total: number): ProgressBar;
}

/** Control characters in a list must not move the cursor or ring the bell. */
const CONTROL = /\p{Cc}/gu;
const replaceControlCharacters = (text: string): string => text.replace(CONTROL, "·");

const BAR_WIDTH = 30;
export const barText = (label: string, done: number, total: number): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${label} ${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${percent} %  ${formatNumber(done)} of ${formatNumber(total)}`;
};

const CLEAR = "\r\u001b[K";

/** One line, which is overwritten and removed at the end. */
const liveBar = (label: string, total: number): ProgressBar => {
  const write = (text: string): boolean => process.stderr.write(CLEAR + text);
  let shownAt = 0;
  return {
    update: (done) => {
      if (Date.now() - shownAt < 50) return;
      shownAt = Date.now();
      write(barText(label, done, total));
    },
    end: () => write(""),
  };
};

/** A log keeps every line, so it gets only four lines. */
const loggedBar = (label: string, total: number): ProgressBar => {
  let quarters = 0;
  return {
    update: (done) => {
      const reached = Math.floor((4 * done) / Math.max(1, total));
      if (reached > quarters) process.stderr.write(`${label}: ${formatNumber(done)} of ${formatNumber(total)}\n`);
      quarters = Math.max(quarters, reached);
    },
    end: () => undefined,
  };
};

export const terminal: Terminal = {
  print: (lines) => {
    for (const { style, text } of lines)
      process.stdout.write(`${applyStyle({ style, text: replaceControlCharacters(text) })}\n`);
  },
  printError: (message) => {
    // The line may still show progress.
    const clearPrefix = process.stderr.isTTY ? CLEAR : "";
    process.stderr.write(
      `${clearPrefix}${styleText("red", "oncecode:", { stream: process.stderr })} ${replaceControlCharacters(message)}\n`,
    );
  },
  progressBar: (label, total) => (process.stderr.isTTY ? liveBar(label, total) : loggedBar(label, total)),
};

/** An argument or a file of the user is unusable. The message is one line, with the fix. The exit code is 2. */
export class UsageError extends Error {}

/** 0: success. 1: failure, or the check failed. 2: wrong argument or file. 130: stopped by Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130;
