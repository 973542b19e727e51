import { styleText } from "node:util";
import { formatAim, formatFigure, formatRatio, formatSpread } from "./report/number-format.ts";
import { isMet, median, notMeasured, type Point, type Ratio, type Run, spread } from "./results.ts";

const spreadOf = (rounds: readonly number[]): string => formatSpread(spread(rounds)).padEnd(7);

const ratioLine = ({ name, rounds, aim }: Ratio): string => {
  const medianRatio = median(rounds);
  const figures = `${formatRatio(medianRatio).padStart(8)}  ${spreadOf(rounds)}`;
  if (aim === null) return `  ${figures}              ${name}`;
  const verdict = isMet(aim, medianRatio) ? styleText("green", "met   ") : styleText("red", "missed");
  return `  ${figures}${formatAim(aim).padStart(6)} ${verdict} ${name}`;
};

const UNITS: Readonly<Record<string, string>> = { "per second": "/s", duplicates: "of all" };

const pointLine = ({ subject, label, unit, rounds }: Point): string => {
  const value = unit === "duplicates" ? `${(100 * median(rounds)).toFixed(1)} %` : formatFigure(median(rounds));
  return `  ${value.padStart(12)} ${(UNITS[unit] ?? unit).padEnd(7)} ${spreadOf(rounds)} ${subject}: ${label}`;
};

/** A run as a text. Ratios come first: they depend less on the machine than figures do. */
export const terminalTable = (run: Run): string => {
  const { points, ratios, machine } = run;
  const missing = notMeasured(run);
  const groups = [...new Set(points.map(({ scenario, store }) => `${scenario}: ${store}`))];
  const figures = groups.flatMap((group) => [
    "",
    styleText("bold", group),
    ...points.filter(({ scenario, store }) => `${scenario}: ${store}` === group).map(pointLine),
  ]);
  return [
    `${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${formatFigure(machine.fsync)} ms to bring 8 KiB to the disk`,
    "",
    styleText("bold", "Ratios: median, spread, aim"),
    ...ratios.filter(({ aim }) => aim !== null).map(ratioLine),
    ...ratios.filter(({ aim }) => aim === null).map(ratioLine),
    ...figures,
    ...(missing.length === 0 ? [] : ["", styleText("bold", "Skipped"), ...missing.map((name) => `  ${name}`)]),
    "",
  ].join("\n");
};
