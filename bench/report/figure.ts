import type { Aim, Axis } from "../results.ts";

const NONE = "–";
const significant = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** Three digits, or all of them before the point. */
export const figure = (n: number): string => {
  if (!Number.isFinite(n)) return NONE;
  return Number.isInteger(n) || Math.abs(n) >= 100 ? whole.format(n) : significant.format(n);
};

export const quotient = (n: number): string =>
  Number.isFinite(n) ? `${Math.abs(n) >= 100 ? whole.format(n) : significant.format(n)}×` : NONE;

/** A figure that may be far from one: 20k, 1M, 0.5. */
export const short = (n: number): string =>
  Math.abs(n) >= 1000 ? compact.format(n).replace("K", "k") : plain.format(n);

/** Of a share, 0 to 1. */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(Math.abs(share) < 0.0995 ? 1 : 0)}\u{a0}%` : NONE;

export const spreadText = (share: number): string => (Number.isFinite(share) ? `±${percent(share)}` : NONE);

export const aimText = (aim: Aim): string =>
  "atLeast" in aim ? `≥\u{a0}${plain.format(aim.atLeast)}` : `≤\u{a0}${plain.format(aim.atMost)}`;

/** Where a point stands on its axis. */
export const placeText = (axis: Axis, value: number): string => {
  if (!Number.isFinite(value)) return NONE;
  if (axis === "depletion") return `${plain.format(value * 100)}%`;
  return axis === "percentile" ? `p${plain.format(value)}` : short(value);
};
