import { median, type Point, type Run, spread, type Unit } from "../results.ts";
import { isOncecode, type Legend, operationOf } from "./legend.ts";
import { formatFigure, formatPercent, formatPosition, formatSpread } from "./number-format.ts";
import { escapeMarkup } from "./text.ts";

const CAPTIONS = {
  callers: "by callers at once",
  pool: "by codes in the pool",
  depletion: "by published share of the pool",
  rows: "by rows",
  percentile: "by percentile",
} as const;

const UNITS: Readonly<Record<string, string>> = { duplicates: "share of duplicates" };

const textOf = (unit: Unit, value: number): string =>
  unit === "duplicates" ? formatPercent(value) : formatFigure(value);

const cellOf = (points: readonly Point[]): string => {
  const figures = points.map(
    ({ rounds, unit }) =>
      `<span title="${rounds.map((round) => textOf(unit, round)).join(", ")}">${textOf(unit, median(rounds))}<small>${formatSpread(spread(rounds))}</small></span>`,
  );
  return `<td class="number">${figures.join("<br>")}</td>`;
};

const columnOf = ({ at }: Point): string => (at ? formatPosition(at.axis, at.value) : "");

const rowOf = (points: readonly Point[], columns: readonly string[], legend: Legend): string => {
  const [first] = points;
  if (!first) return "";
  const { subject, store } = first;
  const operation = operationOf(first);
  const caveat = legend.caveatOf(store, subject);
  const notes = [operation, caveat].filter((text) => text !== null);
  const note = notes.length > 0 ? `<small>${escapeMarkup(notes.join("; "))}</small>` : "";
  const byColumn = Map.groupBy(points, columnOf);
  const cells = columns.map((column) => cellOf(byColumn.get(column) ?? []));
  return `<tr><th scope="row"${isOncecode(subject) ? ' class="us"' : ""}>${escapeMarkup(subject)}${note}</th>${cells.join("")}</tr>`;
};

/** The figures of one unit along one axis: a row per subject and operation, a column per position. */
const tableOf = (points: readonly Point[], legend: Legend): string => {
  const [first] = points;
  if (!first) return "";
  const columns = [...new Set(points.toSorted((a, b) => (a.at?.value ?? 0) - (b.at?.value ?? 0)).map(columnOf))];
  const caption = [
    first.scenario,
    UNITS[first.unit] ?? first.unit,
    ...(first.at ? [CAPTIONS[first.at.axis]] : []),
  ].join(", ");
  const stores = [...Map.groupBy(points, ({ store }) => store)].map(([store, all]) => {
    const rows = Map.groupBy(all, (point) => JSON.stringify([point.subject, operationOf(point)]));
    return (
      `<tbody><tr><th class="group" colspan="${columns.length + 1}" scope="rowgroup">${escapeMarkup(store)}</th></tr>` +
      `${[...rows.values()].map((row) => rowOf(row, columns, legend)).join("\n")}</tbody>`
    );
  });
  const heads = columns.map((column) => `<th class="number">${column}</th>`).join("");
  return `<div class="wide"><table class="figures"><caption>${escapeMarkup(caption)}</caption><thead><tr><th></th>${heads}</tr></thead>
${stores.join("\n")}</table></div>`;
};

/** All points, also those without a plot. */
export const tablesOf = ({ points }: Run, legend: Legend): string => {
  const tables = [
    ...Map.groupBy(points, ({ scenario, unit, at }) => JSON.stringify([scenario, at?.axis, unit])).values(),
  ];
  if (tables.length === 0) return "";
  return `<section><h2>All figures</h2>
<p class="quiet">Medians of the rounds, with half of the distance between the farthest ones.</p>
${tables.map((table) => tableOf(table, legend)).join("\n")}</section>`;
};
