import { styleText } from "node:util";
import { type Line, number } from "./layout.ts";

const FORMATS = { title: "bold", detail: "dim", good: "green", bad: "red" } as const;
const styled = ({ style, text }: Line): string =>
  style === "plain" || text === "" ? text : styleText(FORMATS[style], text);

export interface Bar {
  update(done: number): void;
  end(): void;
}

/** All that the command says goes through here: the report to stdout, progress and errors to stderr. */
export interface Terminal {
  print(lines: readonly Line[]): void;
  fail(message: string): void;
  bar(label: string, total: number): Bar;
}

/** What lists bring along must not move the cursor or ring the bell. */
const CONTROL = /\p{Cc}/gu;
const tame = (text: string): string => text.replace(CONTROL, "·");

const WIDTH = 30;
export const barText = (label: string, done: number, total: number): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * WIDTH);
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${label} ${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${percent} %  ${number(done)} of ${number(total)}`;
};

const CLEAR = "\r\u001b[K";

/** One line that is written over and over, and gone at the end. */
const liveBar = (label: string, total: number): Bar => {
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

/** A log keeps every line, so it gets a line per quarter. */
const loggedBar = (label: string, total: number): Bar => {
  let quarters = 0;
  return {
    update: (done) => {
      const reached = Math.floor((4 * done) / Math.max(1, total));
      if (reached > quarters) process.stderr.write(`${label}: ${number(done)} of ${number(total)}\n`);
      quarters = Math.max(quarters, reached);
    },
    end: () => undefined,
  };
};

export const terminal: Terminal = {
  print: (lines) => {
    for (const { style, text } of lines) process.stdout.write(`${styled({ style, text: tame(text) })}\n`);
  },
  fail: (message) => {
    // Over whatever progress the line still shows.
    const over = process.stderr.isTTY ? CLEAR : "";
    process.stderr.write(`${over}${styleText("red", "oncecode:", { stream: process.stderr })} ${tame(message)}\n`);
  },
  bar: (label, total) => (process.stderr.isTTY ? liveBar(label, total) : loggedBar(label, total)),
};
