import type { Run } from "../results.ts";
import { type Legend, legendOf } from "./legend.ts";
import { type Panel, panelsOf } from "./panel.ts";
import type { PlotMarkup, Size } from "./plot.ts";
import { plotOf, THROUGHPUT } from "./plots.ts";
import { COLOURS, PLOT_STYLE } from "./style.ts";
import { escapeMarkup } from "./text.ts";

/** The stores in the picture, by the beginnings of their names. */
const STORES = ["PostgreSQL", "SQLite FULL", "MariaDB"];

const PADDING = 20;
const GAP = 24;
const TOP = 66;
const CAPTION = 18;
const FOOT = 28;
/** Two plots side by side have the width of a README. */
const SIZE: Size = { width: 386, height: 214 };

const TITLE = "Publications per second against callers at once";

const STYLE = `${COLOURS}${PLOT_STYLE}
.paper { fill: var(--paper); stroke: var(--hair) }
svg text.title { font-size: 16px; font-weight: 700; fill: var(--ink) }
svg text.store { font-size: 13px; font-weight: 700; fill: var(--ink) }`;

const withCaption = (panel: Panel, legend: Legend, height: number): PlotMarkup => {
  const plot = plotOf(panel, THROUGHPUT, legend, { ...SIZE, height: height - CAPTION });
  return {
    markup: `<text class="store" x="0" y="10">${escapeMarkup(panel.store)}</text><g transform="translate(0 ${CAPTION})">${plot.markup}</g>`,
    width: plot.width,
    height: plot.height + CAPTION,
  };
};

/** Puts plots below each other. */
const column = (plots: readonly PlotMarkup[]): PlotMarkup => {
  let height = -GAP;
  const placed = plots.map((plot) => {
    const y = height + GAP;
    height = y + plot.height;
    return `<g transform="translate(0 ${y})">${plot.markup}</g>`;
  });
  return { markup: placed.join("\n"), width: SIZE.width, height: Math.max(0, height) };
};

const selectPanels = (panels: readonly Panel[]): readonly Panel[] => {
  const headlineStores = STORES.flatMap((name) => panels.find(({ store }) => store.startsWith(name)) ?? []);
  return headlineStores.length > 0 ? headlineStores : panels.slice(0, STORES.length);
};

/**
 * The picture for the README. The first store is at the left, as high as the others together. The picture has its own
 * background, because the background of the page may be light or dark.
 */
export const headlineOf = (run: Run): string => {
  const legend = legendOf(run);
  const [first, ...others] = selectPanels(panelsOf(run, THROUGHPUT));
  const right = column(others.map((panel) => withCaption(panel, legend, SIZE.height + CAPTION)));
  const left = column(first ? [withCaption(first, legend, Math.max(right.height, SIZE.height + CAPTION))] : []);
  const width = PADDING * 2 + GAP + 2 * SIZE.width;
  const height = TOP + Math.max(left.height, right.height) + FOOT + PADDING;
  const { cores, cpu, node } = run.machine;
  const foot = `${cores} × ${cpu}, Node ${node}, ${run.at.slice(0, 10)}`;
  const stores = [first, ...others].flatMap((panel) => panel?.store ?? []);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeMarkup([TITLE, ...stores].join(", "))}</title>
<style>${STYLE}</style>
<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${PADDING}" y="${PADDING + 16}">${TITLE}</text>
<g transform="translate(${PADDING} ${TOP})">${left.markup}</g>
<g transform="translate(${PADDING + SIZE.width + GAP} ${TOP})">${right.markup}</g>
<text x="${PADDING}" y="${height - PADDING}">${escapeMarkup(foot)}</text>
</svg>
`;
};
