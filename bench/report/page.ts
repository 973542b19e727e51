import { type Machine, notMeasured, type Run } from "../results.ts";
import { legendOf } from "./legend.ts";
import { formatFigure } from "./number-format.ts";
import { plotsOf } from "./plots.ts";
import { ratiosOf } from "./ratios.ts";
import { COLOURS, PAGE_STYLE, PLOT_STYLE, RATIO_STYLE } from "./style.ts";
import { tablesOf } from "./table.ts";
import { escapeMarkup } from "./text.ts";

const machineOf = ({ cpu, cores, memory, node, fsync, versions }: Machine): string => {
  const facts: readonly (readonly [string, string])[] = [
    ["Processor", `${cores} × ${cpu}`],
    ["Memory", `${formatFigure(memory)} GiB`],
    ["Disk", `8 KiB are on it after ${formatFigure(fsync)} ms, the median`],
    ["Node", node],
    [
      "Versions",
      Object.entries(versions)
        .map((pair) => pair.join("\u{a0}"))
        .join(", "),
    ],
  ];
  return `<dl>${facts.map(([name, fact]) => `<dt>${name}</dt><dd>${escapeMarkup(fact)}</dd>`).join("")}</dl>`;
};

const skippedOf = (run: Run): string => {
  const missing = notMeasured(run);
  if (missing.length === 0) return "";
  return `<section><h2>Skipped</h2><ul>${missing.map((name) => `<li>${escapeMarkup(name)}</li>`).join("")}</ul></section>`;
};

/** The report as one HTML page without external files. */
export const reportOf = (run: Run): string => {
  const legend = legendOf(run);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>oncecode, measured ${escapeMarkup(run.at)}</title>
<style>${COLOURS}${PAGE_STYLE}${RATIO_STYLE}${PLOT_STYLE}</style>
</head>
<body>
<main>
<h1>oncecode, measured</h1>
<p class="quiet">${escapeMarkup(run.at.replace(/T(.*):\d\d\.\d+Z$/, ", $1 UTC"))}, a ${escapeMarkup(run.profile)} run</p>
${machineOf(run.machine)}
${ratiosOf(run)}
${plotsOf(run, legend)}
${tablesOf(run, legend)}
${skippedOf(run)}
</main>
</body>
</html>
`;
};
