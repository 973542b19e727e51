import type { Run } from "../results.ts";
import type { Legend } from "./legend.ts";
import { formatPosition } from "./number-format.ts";
import { linesOf, type Panel, type PlotSelection, panelsOf } from "./panel.ts";
import { drawPlot, type PlotMarkup, type Size } from "./plot.ts";
import { decades, fromZero, linearOrLogarithmic, logarithmic, nines, type Scale, scaleOfValues } from "./scale.ts";
import { escapeMarkup } from "./text.ts";

/** One kind of plots, with its title and text. */
export interface PlotKind extends PlotSelection {
  readonly title: string;
  readonly about: string;
  readonly xCaption: string;
  readonly yScale: (values: readonly number[]) => Scale;
}

export const THROUGHPUT: PlotKind = {
  scenario: "publish",
  axis: "callers",
  unit: "per second",
  title: "Throughput against callers",
  about:
    "Publications per second. Each caller awaits an answer before the next request. More is better. Bars reach to the farthest rounds.",
  xCaption: "callers at once",
  transform: logarithmic,
  yScale: fromZero,
};

const SIZE: Size = { width: 430, height: 246 };

const COST_PLOT = { scenario: "scale", unit: "µs", yScale: linearOrLogarithmic } as const;

const PLOT_KINDS: readonly PlotKind[] = [
  THROUGHPUT,
  {
    ...COST_PLOT,
    axis: "pool",
    title: "Cost against the size of the pool",
    about: "Time per publication. The flatter the line, the better.",
    xCaption: "codes in the pool",
    transform: logarithmic,
  },
  {
    ...COST_PLOT,
    axis: "depletion",
    title: "Cost against depletion",
    about: "Time per publication while the pool empties. The flatter the line, the better.",
    xCaption: "published share of the pool",
    transform: nines,
  },
  {
    scenario: "latency",
    axis: "percentile",
    unit: "ms",
    title: "Latency",
    about: "The time within which this share of the publications is done, at a fixed rate of requests. Less is better.",
    xCaption: "percentile",
    transform: (value) => nines(value / 100),
    yScale: decades,
  },
  {
    scenario: "list",
    axis: "rows",
    unit: "ms",
    title: "Lists against rows",
    about: "Time for one page, by the number of rows in the store. Less is better.",
    xCaption: "rows",
    transform: logarithmic,
    yScale: linearOrLogarithmic,
  },
];

export const plotOf = (panel: Panel, kind: PlotKind, legend: Legend, size: Size): PlotMarkup => {
  const lines = linesOf(panel, legend);
  const dots = lines.flatMap((line) => line.dots);
  const y = kind.yScale(dots.flatMap(({ low, high }) => [low, high]));
  return drawPlot({
    lines,
    x: scaleOfValues(
      kind.transform,
      dots.map((dot) => dot.x),
    ),
    y,
    xTick: (value) => formatPosition(kind.axis, value),
    xCaption: kind.xCaption,
    yCaption: y.isLog ? `${kind.unit}, logarithmic` : kind.unit,
    ...size,
  });
};

const figureOf = (panel: Panel, kind: PlotKind, legend: Legend): string => {
  const { markup, width, height } = plotOf(panel, kind, legend, SIZE);
  const label = escapeMarkup(`${kind.title}: ${panel.store}`);
  return (
    `<figure><figcaption>${escapeMarkup(panel.store)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${markup}</svg></figure>`
  );
};

/** One section per kind with points. */
export const plotsOf = (run: Run, legend: Legend): string =>
  PLOT_KINDS.map((kind) => {
    const figures = panelsOf(run, kind).map((panel) => figureOf(panel, kind, legend));
    if (figures.length === 0) return "";
    return `<section><h2>${kind.title}</h2><p class="quiet">${kind.about}</p><div class="plots">${figures.join("\n")}</div></section>`;
  }).join("\n");
