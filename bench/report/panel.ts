import { type Axis, median, type Point, type Run, type Unit } from "../results.ts";
import { isOncecode, type Legend, operationOf, toneAt } from "./legend.ts";
import type { Dot, Line } from "./plot.ts";
import type { AxisTransform } from "./scale.ts";

/** Selects the points of one scenario along one axis. */
export interface PlotSelection {
  readonly scenario: string;
  readonly axis: Axis;
  readonly unit: Unit;
  readonly transform: AxisTransform;
}

/** The points of one plot. */
export interface Panel {
  readonly store: string;
  readonly points: readonly PointOnAxis[];
}

type PointOnAxis = Point & { readonly at: NonNullable<Point["at"]> };

const isOnAxis = (point: Point): point is PointOnAxis => point.at !== null;

/** Whether the point can be drawn. A logarithmic scale has no zero. */
const isDrawable = ({ rounds, at, unit }: PointOnAxis, transform: AxisTransform): boolean =>
  rounds.length > 0 &&
  [...rounds, transform(at.value)].every(Number.isFinite) &&
  (unit === "per second" ? Math.min(...rounds) >= 0 : Math.min(...rounds) > 0);

/** One panel per store. */
export const panelsOf = ({ points }: Run, { scenario, axis, unit, transform }: PlotSelection): readonly Panel[] => {
  const drawablePoints = points
    .filter(isOnAxis)
    .filter((point) => point.scenario === scenario && point.at.axis === axis && point.unit === unit)
    .filter((point) => isDrawable(point, transform));
  return [...Map.groupBy(drawablePoints, ({ store }) => store)].map(([store, all]) => ({ store, points: all }));
};

const dotOf = ({ at, rounds }: PointOnAxis): Dot => ({
  x: at.value,
  y: median(rounds),
  low: Math.min(...rounds),
  high: Math.max(...rounds),
});

const dotsOf = (points: readonly PointOnAxis[]): Line["dots"] | null => {
  const [first, ...rest] = points.toSorted((a, b) => a.at.value - b.at.value);
  return first ? [dotOf(first), ...rest.map(dotOf)] : null;
};

/** One line per subject. Ours is last, and so on top. With only one subject, one line per operation. */
export const linesOf = ({ store, points }: Panel, legend: Legend): readonly Line[] => {
  const pointsBySubject = Map.groupBy(
    points.toSorted((a, b) => Number(isOncecode(a.subject)) - Number(isOncecode(b.subject))),
    ({ subject }) => subject,
  );
  return [...pointsBySubject].flatMap(([subject, subjectPoints]) => {
    const operations = [...Map.groupBy(subjectPoints, operationOf)];
    return operations.flatMap(([operation, operationPoints], i) => {
      const dots = dotsOf(operationPoints);
      const name = operation === null ? subject : pointsBySubject.size === 1 ? operation : `${subject}: ${operation}`;
      const tone = pointsBySubject.size === 1 && operations.length > 1 ? toneAt(i) : legend.toneOf(subject);
      return dots ? [{ name, caveat: legend.caveatOf(store, subject), tone, dots }] : [];
    });
  });
};
