import type { Aim, Axis } from "../results.ts";

const NO_FIGURE = "–";
const significant = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** Three digits, or more if the integer part has more. */
export const formatFigure = (n: number): string => {
  if (!Number.isFinite(n)) return NO_FIGURE;
  return Number.isInteger(n) || Math.abs(n) >= 100 ? whole.format(n) : significant.format(n);
};

export const formatRatio = (n: number): string =>
  Number.isFinite(n) ? `${Math.abs(n) >= 100 ? whole.format(n) : significant.format(n)}×` : NO_FIGURE;

/** A short figure: 20k, 1M, 0.5. */
export const formatCompact = (n: number): string =>
  Math.abs(n) >= 1000 ? compact.format(n).replace("K", "k") : plain.format(n);

/** A share from 0 to 1 as a percentage. */
export const formatPercent = (share: number): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(Math.abs(share) < 0.0995 ? 1 : 0)}\u{a0}%` : NO_FIGURE;

export const formatSpread = (share: number): string =>
  Number.isFinite(share) ? `±${formatPercent(share)}` : NO_FIGURE;

export const formatAim = (aim: Aim): string =>
  "atLeast" in aim ? `≥\u{a0}${plain.format(aim.atLeast)}` : `≤\u{a0}${plain.format(aim.atMost)}`;

/** The position of a point on its axis, as a text. */
export const formatPosition = (axis: Axis, value: number): string => {
  if (!Number.isFinite(value)) return NO_FIGURE;
  if (axis === "depletion") return `${plain.format(value * 100)}%`;
  return axis === "percentile" ? `p${plain.format(value)}` : formatCompact(value);
};
