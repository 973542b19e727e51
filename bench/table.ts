import { styleText } from "node:util";
import { aimText, figure, quotient, spreadText } from "./report/figure.ts";
import { isMet, median, missingIn, type Point, type Ratio, type Run, spread } from "./results.ts";

const spreadOf = (rounds: readonly number[]): string => spreadText(spread(rounds)).padEnd(7);

const ratioLine = ({ name, rounds, aim }: Ratio): string => {
  const now = median(rounds);
  const figures = `${quotient(now).padStart(8)}  ${spreadOf(rounds)}`;
  if (aim === null) return `  ${figures}              ${name}`;
  const verdict = isMet(aim, now) ? styleText("green", "met   ") : styleText("red", "missed");
  return `  ${figures}${aimText(aim).padStart(6)} ${verdict} ${name}`;
};

const UNITS: Readonly<Record<string, string>> = { "per second": "/s", duplicates: "of all" };

const pointLine = ({ contender, what, unit, rounds }: Point): string => {
  const value = unit === "duplicates" ? `${(100 * median(rounds)).toFixed(1)} %` : figure(median(rounds));
  return `  ${value.padStart(12)} ${(UNITS[unit] ?? unit).padEnd(7)} ${spreadOf(rounds)} ${contender}: ${what}`;
};

/** Ratios first, those with an aim before all: they say more than the figures of one machine do. */
export const tableOf = (run: Run): string => {
  const { points, ratios, machine } = run;
  const missing = missingIn(run);
  const places = [...new Set(points.map(({ family, store }) => `${family}: ${store}`))];
  const figures = places.flatMap((place) => [
    "",
    styleText("bold", place),
    ...points.filter(({ family, store }) => `${family}: ${store}` === place).map(pointLine),
  ]);
  return [
    `${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${figure(machine.fsync)} ms to bring 8 KiB to the disk`,
    "",
    styleText("bold", "Ratios: median, spread, aim"),
    ...ratios.filter(({ aim }) => aim !== null).map(ratioLine),
    ...ratios.filter(({ aim }) => aim === null).map(ratioLine),
    ...figures,
    ...(missing.length === 0 ? [] : ["", styleText("bold", "Skipped"), ...missing.map((what) => `  ${what}`)]),
    "",
  ].join("\n");
};
