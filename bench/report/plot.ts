import { type Axes, axesMarkup, type Frame } from "./axes.ts";
import { LABEL_WIDTH, labelMarkup, labelOf, slotHeight } from "./label.ts";
import { placeLabels } from "./label-layout.ts";
import { px } from "./text.ts";

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** The lowest and the highest round. */
  readonly low: number;
  readonly high: number;
}

export interface Line {
  readonly name: string;
  /** A warning about the subject. Its line is dashed. */
  readonly caveat: string | null;
  /** The CSS class with the colour. */
  readonly tone: string;
  /** The dots, from left to right. */
  readonly dots: readonly [Dot, ...Dot[]];
}

export interface Size {
  readonly width: number;
  /** The smallest height. Many labels need more. */
  readonly height: number;
}

export interface Plot extends Axes, Size {
  readonly lines: readonly Line[];
}

/** A part of an SVG, with its origin at 0, 0. */
export interface PlotMarkup {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

const TOP = 26;
const LEFT = 40;
const BOTTOM = 40;
/** The distance from the left end of the axis to the first tick. */
const INDENT = 8;
/** The distance from the last tick to the labels, with the lines in between. */
const LEADER_WIDTH = 22;
/** The height of a plot relative to its labels. With some room, each label is near its line. */
const LABEL_SLACK = 1.3;

const lineMarkup = (
  { dots, tone, caveat }: Line,
  { atX, atY, right }: Frame,
  label: string,
  middle: number,
): string => {
  const centres = dots.map(({ x, y }) => ({ x: px(atX(x)), y: px(atY(y)) }));
  const points = centres.map(({ x, y }) => `${x} ${y}`);
  const whiskers = dots.map(({ x, low, high }) => `M${px(atX(x))} ${px(atY(low))}V${px(atY(high))}`);
  return (
    `<g class="line ${tone}${caveat === null ? "" : " doubtful"}">` +
    `<path class="lead" d="M${points.at(-1)}H${px(right + 4)}L${px(right + LEADER_WIDTH - 7)} ${px(middle)}"/>` +
    `<path class="whisker" d="${whiskers.join("")}"/><path class="course" d="M${points.join("L")}"/>` +
    `${centres.map(({ x, y }) => `<circle cx="${x}" cy="${y}"/>`).join("")}${label}</g>`
  );
};

export const drawPlot = (plot: Plot): PlotMarkup => {
  const { lines, x, y, width, height } = plot;
  const labels = lines.map((line) => ({
    line,
    label: labelOf(line.name, line.caveat),
    end: line.dots.at(-1) ?? line.dots[0],
  }));
  const needed = labels.reduce((sum, { label }) => sum + slotHeight(label), 0) * LABEL_SLACK;
  const inner = Math.ceil(Math.max(height - TOP - BOTTOM, needed));
  const right = width - LABEL_WIDTH - LEADER_WIDTH;
  const bottom = TOP + inner;
  const frame: Frame = {
    left: LEFT,
    right,
    bottom,
    atX: (value) => LEFT + INDENT + x.position(value) * (right - LEFT - INDENT),
    atY: (value) => bottom - y.position(value) * inner,
  };
  const wantedSlots = labels.map(({ label, end }) => ({ middle: frame.atY(end.y) - TOP, height: slotHeight(label) }));
  const middles = placeLabels(wantedSlots, inner).map((middle) => TOP + middle);
  const lineMarkups = labels.map(({ line, label }, i) => {
    const middle = middles[i] ?? TOP;
    return lineMarkup(line, frame, labelMarkup(label, right + LEADER_WIDTH - 3, middle), middle);
  });
  return { markup: axesMarkup(plot, frame) + lineMarkups.join(""), width, height: bottom + BOTTOM };
};
