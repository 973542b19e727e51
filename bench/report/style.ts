const LIGHT = `
  --paper: #ffffff; --ink: #1f2328; --quiet: #656d76; --hair: #d8dee4; --shade: #f6f8fa;
  --us: #0b5fd9; --good: #1a7f37; --bad: #c0232c; --good-tint: #dafbe1; --bad-tint: #ffebe9;
  --tone-0: #8a6a1f; --tone-1: #5d7040; --tone-2: #8c5576; --tone-3: #4d7282;
  --tone-4: #a15c42; --tone-5: #73699f; --tone-6: #3f7d6e; --tone-7: #6e7781;`;

const DARK = `
  --paper: #0d1117; --ink: #e6edf3; --quiet: #8d96a0; --hair: #2b323b; --shade: #161b22;
  --us: #58a6ff; --good: #3fb950; --bad: #ff7b72; --good-tint: #12301c; --bad-tint: #3c1618;
  --tone-0: #c0a05a; --tone-1: #98ab78; --tone-2: #c48dae; --tone-3: #86adbe;
  --tone-4: #d5937a; --tone-5: #aba1d8; --tone-6: #77b5a6; --tone-7: #9aa4ae;`;

const TONES = Array.from({ length: 8 }, (_, i) => `.tone-${i} { --tone: var(--tone-${i}) }`).join("\n");

/** Colours as variables, in light and dark. */
export const COLOURS: string = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }`;

/** CSS for plots. */
export const PLOT_STYLE: string = `
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums }
.grid, .floor { stroke: var(--hair); fill: none }
.floor { stroke: var(--quiet) }
.line { --tone: var(--us); stroke: var(--tone); fill: none; stroke-width: 1.4; stroke-linejoin: round }
.line circle { r: 2.2px; fill: var(--tone); stroke: none }
.line .whisker { stroke-opacity: .6; stroke-width: 1.4 }
.line .lead { stroke-opacity: .35; stroke-width: .8 }
.line.doubtful .course { stroke-dasharray: 4 3 }
.line text { fill: var(--tone); stroke: none }
.line text.caveat { font-style: italic }
${TONES}
.us { stroke-width: 3 }
.us circle { r: 3.5px }
.us text { font-weight: 700 }
.line:hover { stroke-width: 3 }`;

/** CSS for the rest of the page. */
export const PAGE_STYLE: string = `
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px }
h2 { font-size: 19px; margin: 48px 0 4px; padding-top: 12px; border-top: 1px solid var(--hair) }
h3 { font-size: 15px; margin: 28px 0 4px }
p { margin: 0 0 12px; max-width: 80ch; text-wrap: pretty }
.quiet, td small, th small { color: var(--quiet); font-weight: 400 }
ul { margin: 8px 0 12px; padding-left: 20px; overflow-wrap: anywhere }
p + ul { margin-top: -8px }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 16px 0 0; font-size: 14px }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 28px 40px; margin-top: 16px }
figure { margin: 0 }
figcaption { font-weight: 600; margin-bottom: 8px }
figure svg { display: block; width: 100%; max-width: 470px; height: auto }
.wide { overflow-x: auto; margin: 0 -8px }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding: 24px 0 4px }
th { text-align: left; font-weight: 400; overflow-wrap: anywhere }
th.us { color: var(--us); font-weight: 700 }
thead th { color: var(--quiet); font-size: 13px; vertical-align: bottom; border-bottom: 1px solid var(--hair) }
th, td { padding: 4px 0 4px 16px; vertical-align: baseline }
th:first-child, td:first-child, caption { padding-left: 8px }
th:last-child, td:last-child { padding-right: 8px }
td.number, th.number { text-align: right; white-space: nowrap }
td small { display: inline-block; min-width: 6.5ch; margin-left: 4px; font-size: 12px; text-align: right }
th small { display: block; font-size: 12px }
tbody + tbody th.group { padding-top: 16px }
th.group { font-weight: 600 }
.figures th[scope=row] { min-width: 190px }
tbody tr:not(:first-child) > * { border-top: 1px solid var(--hair) }
tbody tr:nth-child(2) > * { border-top: 0 }`;

/** CSS for ratios. */
export const RATIO_STYLE: string = `
.ratios { width: 100% }
.verdict { white-space: nowrap; width: 1px }
.met { color: var(--good) }
.missed { color: var(--bad); font-weight: 700 }
tr:has(.missed) > * { background: var(--bad-tint) }
td.strip { width: 220px; vertical-align: top; padding-top: 7px }
.strip svg { display: block; width: 220px; height: 18px }
.strip .aim-area { fill: var(--good-tint) }
.strip .one { stroke: var(--hair) }
.strip .aim { stroke: var(--good) }
.strip circle { r: 3px; fill: var(--ink); fill-opacity: .7 }
@media (max-width: 640px) {
  .ratios .strip { display: none }
  .ratios tr > :nth-child(4) { padding-right: 8px }
  th, td { padding-left: 10px }
  .ratios td small { display: block; white-space: normal }
}`;
