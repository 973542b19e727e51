import { CHARACTER_WIDTH } from "./label.ts";
import { formatCompact } from "./number-format.ts";
import type { Scale } from "./scale.ts";
import { escapeMarkup, px } from "./text.ts";

/** Turns values into coordinates. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly atX: (value: number) => number;
  readonly atY: (value: number) => number;
}

export interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly xTick: (value: number) => string;
  readonly xCaption: string;
  readonly yCaption: string;
}

interface Tick {
  readonly x: number;
  readonly text: string;
}

/** The ticks whose texts do not overlap: the last, the first, and those that fit in between. */
const nonOverlapping = (ticks: readonly Tick[]): readonly Tick[] => {
  const [last, ...others] = ticks.toReversed();
  const visibleTicks: Tick[] = last ? [last] : [];
  for (const tick of [...others.slice(-1), ...others.slice(0, -1)]) {
    const minDistance = (other: Tick): number => ((other.text.length + tick.text.length) / 2) * CHARACTER_WIDTH + 8;
    if (visibleTicks.every((other) => Math.abs(other.x - tick.x) > minDistance(other))) visibleTicks.push(tick);
  }
  return visibleTicks;
};

const textAt = (x: number, y: number, anchor: "start" | "middle" | "end", text: string): string =>
  `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escapeMarkup(text)}</text>`;

export const axesMarkup = (
  { x, y, xTick, xCaption, yCaption }: Axes,
  { left, right, bottom, atX, atY }: Frame,
): string => {
  const horizontal = (height: number): string => `d="M${px(left)} ${px(height)}H${px(right)}"`;
  const grid = y.ticks.flatMap((tick) => [
    `<path class="grid" ${horizontal(atY(tick))}/>`,
    textAt(left - 6, atY(tick) + 4, "end", formatCompact(tick)),
  ]);
  const marks = x.ticks.map((tick) => `<path class="floor" d="M${px(atX(tick))} ${px(bottom)}v4"/>`);
  const ticks = nonOverlapping(x.ticks.map((tick) => ({ x: atX(tick), text: xTick(tick) })));
  return [
    ...grid,
    `<path class="floor" ${horizontal(bottom)}/>`,
    ...marks,
    ...ticks.map((tick) => textAt(tick.x, bottom + 17, "middle", tick.text)),
    textAt(0, 11, "start", yCaption),
    textAt((left + right) / 2, bottom + 33, "middle", xCaption),
  ].join("");
};
