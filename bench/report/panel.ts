import { type Axis, median, type Point, type Run, type Unit } from "../results.ts";
import { type Cast, isUs, toneAt } from "./cast.ts";
import { deedOf } from "./deed.ts";
import type { Dot, Line } from "./plot.ts";
import type { Stretch } from "./scale.ts";

/** What plots show: the points of one family along one axis. */
export interface Subject {
  readonly family: string;
  readonly axis: Axis;
  readonly unit: Unit;
  readonly stretch: Stretch;
}

/** The points that go into one plot. */
export interface Panel {
  readonly store: string;
  readonly points: readonly Placed[];
}

type Placed = Point & { readonly at: NonNullable<Point["at"]> };

const isPlaced = (point: Point): point is Placed => point.at !== null;

/** Whether it has a place in a plot: times are often plotted on a logarithmic scale. */
const isDrawable = ({ rounds, at, unit }: Placed, stretch: Stretch): boolean =>
  rounds.length > 0 &&
  [...rounds, stretch(at.value)].every(Number.isFinite) &&
  (unit === "per second" ? Math.min(...rounds) >= 0 : Math.min(...rounds) > 0);

/** One for each store. */
export const panelsOf = ({ points }: Run, { family, axis, unit, stretch }: Subject): readonly Panel[] => {
  const shown = points
    .filter(isPlaced)
    .filter((point) => point.family === family && point.at.axis === axis && point.unit === unit)
    .filter((point) => isDrawable(point, stretch));
  return [...Map.groupBy(shown, ({ store }) => store)].map(([store, all]) => ({ store, points: all }));
};

const dotOf = ({ at, rounds }: Placed): Dot => ({
  x: at.value,
  y: median(rounds),
  low: Math.min(...rounds),
  high: Math.max(...rounds),
});

const lineOf = (points: readonly Placed[]): Line["dots"] | null => {
  const [first, ...rest] = points.toSorted((a, b) => a.at.value - b.at.value);
  return first ? [dotOf(first), ...rest.map(dotOf)] : null;
};

/** A line for each contender, ours last and so on top. Where there is only one, a line for each thing that it did. */
export const linesOf = ({ store, points }: Panel, cast: Cast): readonly Line[] => {
  const contenders = Map.groupBy(
    points.toSorted((a, b) => Number(isUs(a.contender)) - Number(isUs(b.contender))),
    ({ contender }) => contender,
  );
  return [...contenders].flatMap(([contender, theirs]) => {
    const deeds = [...Map.groupBy(theirs, deedOf)];
    return deeds.flatMap(([deed, done], i) => {
      const dots = lineOf(done);
      const name = deed === null ? contender : contenders.size === 1 ? deed : `${contender}: ${deed}`;
      const tone = contenders.size === 1 && deeds.length > 1 ? toneAt(i) : cast.toneOf(contender);
      return dots ? [{ name, caveat: cast.caveatOf(store, contender), tone, dots }] : [];
    });
  });
};
