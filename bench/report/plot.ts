import { type Axes, axesMarkup, type Frame } from "./axes.ts";
import { LABEL_WIDTH, labelMarkup, labelOf, roomOf } from "./label.ts";
import { spreadOut } from "./spreading.ts";
import { px } from "./text.ts";

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** The farthest rounds. */
  readonly low: number;
  readonly high: number;
}

export interface Line {
  readonly name: string;
  /** What readers should know about it: drawn dashed then. */
  readonly caveat: string | null;
  /** The class that gives it its colour. */
  readonly tone: string;
  /** From left to right. */
  readonly dots: readonly [Dot, ...Dot[]];
}

export interface Size {
  readonly width: number;
  /** At least: many labels need more. */
  readonly height: number;
}

export interface Plot extends Axes, Size {
  readonly lines: readonly Line[];
}

/** A part of an SVG, from 0, 0 on. */
export interface Drawn {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

const TOP = 26;
const LEFT = 40;
const BOTTOM = 40;
/** Between the left end of the axis and the first tick. */
const INDENT = 8;
/** From the last tick to the labels, for what leads there. */
const LEAD = 22;
/** How much more height there is than labels need, so that each may stand near its line. */
const SLACK = 1.3;

const lineMarkup = (
  { dots, tone, caveat }: Line,
  { atX, atY, right }: Frame,
  labelled: string,
  middle: number,
): string => {
  const places = dots.map(({ x, y }) => ({ x: px(atX(x)), y: px(atY(y)) }));
  const points = places.map(({ x, y }) => `${x} ${y}`);
  const whiskers = dots.map(({ x, low, high }) => `M${px(atX(x))} ${px(atY(low))}V${px(atY(high))}`);
  return (
    `<g class="line ${tone}${caveat === null ? "" : " doubtful"}">` +
    `<path class="lead" d="M${points.at(-1)}H${px(right + 4)}L${px(right + LEAD - 7)} ${px(middle)}"/>` +
    `<path class="whisker" d="${whiskers.join("")}"/><path class="course" d="M${points.join("L")}"/>` +
    `${places.map(({ x, y }) => `<circle cx="${x}" cy="${y}"/>`).join("")}${labelled}</g>`
  );
};

export const draw = (plot: Plot): Drawn => {
  const { lines, x, y, width, height } = plot;
  const labels = lines.map((line) => ({
    line,
    label: labelOf(line.name, line.caveat),
    end: line.dots.at(-1) ?? line.dots[0],
  }));
  const needed = labels.reduce((sum, { label }) => sum + roomOf(label), 0) * SLACK;
  const inner = Math.ceil(Math.max(height - TOP - BOTTOM, needed));
  const right = width - LABEL_WIDTH - LEAD;
  const bottom = TOP + inner;
  const frame: Frame = {
    left: LEFT,
    right,
    bottom,
    atX: (value) => LEFT + INDENT + x.place(value) * (right - LEFT - INDENT),
    atY: (value) => bottom - y.place(value) * inner,
  };
  const wishes = labels.map(({ label, end }) => ({ middle: frame.atY(end.y) - TOP, room: roomOf(label) }));
  const middles = spreadOut(wishes, inner).map((middle) => TOP + middle);
  const drawn = labels.map(({ line, label }, i) => {
    const middle = middles[i] ?? TOP;
    return lineMarkup(line, frame, labelMarkup(label, right + LEAD - 3, middle), middle);
  });
  return { markup: axesMarkup(plot, frame) + drawn.join(""), width, height: bottom + BOTTOM };
};
