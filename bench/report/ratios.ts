import { type Aim, isMet, median, type Ratio, type Run, spread } from "../results.ts";
import { formatAim, formatCompact, formatRatio, formatSpread } from "./number-format.ts";
import { decades, type Scale } from "./scale.ts";
import { escapeMarkup, px } from "./text.ts";

const WIDTH = 220;
const xOf = (share: number): string => px(4 + share * (WIDTH - 8));
const isDrawable = (value: number): boolean => Number.isFinite(value) && value > 0;
const aimLimit = (aim: Aim): number => ("atLeast" in aim ? aim.atLeast : aim.atMost);

/** The rounds of a ratio on a scale, with the range of its aim. All ratios have the same scale. */
const stripOf = ({ rounds, aim }: Ratio, { position }: Scale): string => {
  const dots = rounds.filter(isDrawable).map((round) => `<circle cx="${xOf(position(round))}" cy="9"/>`);
  const unityLine = `<path class="one" d="M${xOf(position(1))} 0V18"/>`;
  if (!aim || !isDrawable(aimLimit(aim))) return `${unityLine}${dots.join("")}`;
  const edge = xOf(position(aimLimit(aim)));
  const [from, to] = "atLeast" in aim ? [edge, String(WIDTH)] : ["0", edge];
  const aimArea = `<rect class="aim-area" x="${from}" y="0" width="${px(Number(to) - Number(from))}" height="18"/>`;
  return `${aimArea}${unityLine}<path class="aim" d="M${edge} 0V18"/>${dots.join("")}`;
};

const ticksOf = ({ position, ticks }: Scale): string =>
  ticks
    .map((tick) => `<text x="${xOf(position(tick))}" y="13" text-anchor="middle">${formatCompact(tick)}</text>`)
    .join("");

const verdictOf = ({ aim, rounds }: Ratio): string => {
  if (!aim) return `<td class="verdict quiet">no aim</td>`;
  return isMet(aim, median(rounds)) ? `<td class="verdict met">✓ met</td>` : `<td class="verdict missed">✗ missed</td>`;
};

/** The store, unless the name of the ratio has it. */
const storeOf = ({ name, store }: Ratio): string =>
  name.includes(store) ? "" : `<small>${escapeMarkup(store)}</small>`;

const rowOf = (ratio: Ratio, scale: Scale): string => {
  const aim = ratio.aim ? formatAim(ratio.aim) : `<small>${ratio.better} is better</small>`;
  return (
    `<tr>${verdictOf(ratio)}<th scope="row">${escapeMarkup(ratio.name)}${storeOf(ratio)}</th>` +
    `<td class="number">${formatRatio(median(ratio.rounds))}<small>${formatSpread(spread(ratio.rounds))}</small></td>` +
    `<td class="number">${aim}</td>` +
    `<td class="strip"><svg viewBox="0 0 ${WIDTH} 18" aria-hidden="true">${stripOf(ratio, scale)}</svg></td></tr>`
  );
};

const summaryOf = (ratios: readonly Ratio[]): string => {
  const withAim = ratios.flatMap(({ aim, rounds, name }) => (aim ? [{ name, met: isMet(aim, median(rounds)) }] : []));
  const missed = withAim.filter(({ met }) => !met);
  if (withAim.length === 0) return "<p>None of them has an aim.</p>";
  if (missed.length === 0) return `<p class="met">✓ All ${withAim.length} aims are met.</p>`;
  const names = missed.map(({ name }) => `<li>${escapeMarkup(name)}</li>`).join("");
  return `<p>${withAim.length - missed.length} of ${withAim.length} aims are met. <span class="missed">✗ Missed:</span></p><ul>${names}</ul>`;
};

export const ratiosOf = ({ ratios }: Run): string => {
  if (ratios.length === 0) return "";
  const figures = ratios.flatMap(({ rounds, aim }) => (aim ? [...rounds, aimLimit(aim)] : rounds)).filter(isDrawable);
  const scale = decades([...figures, 1]);
  const groups = [...Map.groupBy(ratios, ({ scenario }) => scenario)].map(
    ([scenario, all]) =>
      `<tbody><tr><th class="group" colspan="5" scope="rowgroup">${escapeMarkup(scenario)}</th></tr>` +
      `${all.map((ratio) => rowOf(ratio, scale)).join("\n")}</tbody>`,
  );
  return `<section><h2>Ratios</h2>
${summaryOf(ratios)}
<p class="quiet">Both sides of a ratio were measured in turn. Each round gives one quotient. The table has their median, and half
of their range.</p>
<div class="wide"><table class="ratios"><thead><tr><th></th><th></th><th class="number">median<small>and spread</small></th>
<th class="number">aim</th><th class="strip">each round<svg viewBox="0 0 ${WIDTH} 18" aria-hidden="true">${ticksOf(scale)}</svg></th></tr></thead>
${groups.join("\n")}</table></div></section>`;
};
