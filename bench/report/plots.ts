import type { Run } from "../results.ts";
import type { Cast } from "./cast.ts";
import { placeText } from "./figure.ts";
import { linesOf, type Panel, panelsOf, type Subject } from "./panel.ts";
import { type Drawn, draw, type Size } from "./plot.ts";
import { decades, fitting, fromZero, logarithmic, measured, nines, type Scale } from "./scale.ts";
import { escaped } from "./text.ts";

/** Plots of one kind. */
export interface Series extends Subject {
  readonly title: string;
  readonly about: string;
  readonly xCaption: string;
  readonly yScale: (values: readonly number[]) => Scale;
}

export const THROUGHPUT: Series = {
  family: "publish",
  axis: "callers",
  unit: "per second",
  title: "Throughput against callers",
  about:
    "Publications per second. Each caller awaits an answer before the next request. More is better. Bars reach to the farthest rounds.",
  xCaption: "callers at once",
  stretch: logarithmic,
  yScale: fromZero,
};

const SIZE: Size = { width: 430, height: 246 };

const COST = { family: "scale", unit: "µs", yScale: fitting } as const;

const SERIES: readonly Series[] = [
  THROUGHPUT,
  {
    ...COST,
    axis: "pool",
    title: "Cost against the size of the pool",
    about: "Time per publication. A flat line is what one wants.",
    xCaption: "codes in the pool",
    stretch: logarithmic,
  },
  {
    ...COST,
    axis: "depletion",
    title: "Cost against depletion",
    about: "Time per publication while the pool runs dry. A flat line is what one wants.",
    xCaption: "of the pool given out",
    stretch: nines,
  },
  {
    family: "latency",
    axis: "percentile",
    unit: "ms",
    title: "Latency",
    about: "So long, or less, for that share of the publications, while they come at a steady rate. Less is better.",
    xCaption: "percentile",
    stretch: (value) => nines(value / 100),
    yScale: decades,
  },
  {
    family: "list",
    axis: "rows",
    unit: "ms",
    title: "Lists against rows",
    about: "Time to list, with so many rows in the store. Less is better.",
    xCaption: "rows",
    stretch: logarithmic,
    yScale: fitting,
  },
];

export const plotOf = (panel: Panel, series: Series, cast: Cast, size: Size): Drawn => {
  const lines = linesOf(panel, cast);
  const dots = lines.flatMap((line) => line.dots);
  const y = series.yScale(dots.flatMap(({ low, high }) => [low, high]));
  return draw({
    lines,
    x: measured(
      series.stretch,
      dots.map((dot) => dot.x),
    ),
    y,
    xTick: (value) => placeText(series.axis, value),
    xCaption: series.xCaption,
    yCaption: y.isLog ? `${series.unit}, logarithmic` : series.unit,
    ...size,
  });
};

const figureOf = (panel: Panel, series: Series, cast: Cast): string => {
  const { markup, width, height } = plotOf(panel, series, cast, SIZE);
  const label = escaped(`${series.title}: ${panel.store}`);
  return (
    `<figure><figcaption>${escaped(panel.store)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${markup}</svg></figure>`
  );
};

/** A section for each kind of which there are points. */
export const plotsOf = (run: Run, cast: Cast): string =>
  SERIES.map((series) => {
    const figures = panelsOf(run, series).map((panel) => figureOf(panel, series, cast));
    if (figures.length === 0) return "";
    return `<section><h2>${series.title}</h2><p class="quiet">${series.about}</p><div class="plots">${figures.join("\n")}</div></section>`;
  }).join("\n");
