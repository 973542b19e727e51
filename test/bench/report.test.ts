import { describe, expect, it } from "vitest";
import { headlineOf } from "../../bench/report/headline.ts";
import { placeLabels } from "../../bench/report/label-layout.ts";
import { reportOf } from "../../bench/report/page.ts";
import { wrapText } from "../../bench/report/text.ts";
import type { Axis, Point, Ratio, Run, Unit } from "../../bench/results.ts";

const HOSTILE = `<script src="http://evil.test">&'`;

const emptyRun: Run = {
  at: "2026-11-20T14:03:11.000Z",
  profile: "full",
  machine: { cpu: "Some Processor", cores: 2, memory: 7.8, node: "v24.21.0", fsync: 1.38, versions: { pg: "8.23.1" } },
  points: [],
  ratios: [],
  skipped: [],
  failed: [],
};

const pointsAlong = (
  [scenario, axis, unit]: readonly [string, Axis, Unit],
  store: string,
  subject: string,
  figures: Readonly<Record<number, readonly number[]>>,
  label: string = "one code each",
): readonly Point[] =>
  Object.entries(figures).map(([value, rounds]) => ({
    scenario,
    store,
    subject,
    label,
    unit,
    rounds,
    at: { axis, value: Number(value) },
  }));

/** A point without an axis. */
const pointWithoutAxis = (store: string, subject: string, figure: number): Point => ({
  ...{ scenario: "size", store, subject: subject, label: "per voucher", unit: "bytes", rounds: [figure], at: null },
});

const CALLERS = ["publish", "callers", "per second"] as const;
const ratio = (name: string, rounds: readonly number[], aim: Ratio["aim"]): Ratio => ({
  name,
  scenario: "publish",
  store: "PostgreSQL",
  rounds,
  aim,
  better: "more",
});

const run: Run = {
  ...emptyRun,
  points: [
    ...pointsAlong(CALLERS, "PostgreSQL", "oncecode", { 1: [301, 311, 331], 8: [1900], 64: [5432], 256: [6901] }),
    ...pointsAlong(CALLERS, "PostgreSQL", "by hand: batches of 64", { 64: [6203] }),
    ...pointsAlong(CALLERS, "PostgreSQL", "check, then act", { 8: [1344], 64: [2047] }),
    { ...pointWithoutAxis("PostgreSQL", "check, then act", 0.0317), scenario: "publish", unit: "duplicates" },
    ...pointsAlong(CALLERS, "Memory", "oncecode", { 1: [38_123] }),
    ...pointsAlong(["scale", "pool", "µs"], "MariaDB", "oncecode", { 10000: [191], 1000000: [203] }),
    ...pointsAlong(["scale", "pool", "µs"], "MariaDB", "order by random(), skip locked", { 10000: [4017] }),
    ...pointsAlong(["scale", "depletion", "µs"], "MariaDB", "oncecode", { 0: [192], 0.99: [213], 1: [987] }),
    ...pointsAlong(["latency", "percentile", "ms"], "MariaDB", "oncecode", { 50: [4.11], 99.9: [17.3], 100: [77.7] }),
    ...pointsAlong(["list", "rows", "ms"], "MariaDB", "oncecode", { 1000: [0.414] }, "page 1, newest, of 1e3"),
    ...pointsAlong(["list", "rows", "ms"], "MariaDB", "oncecode", { 1000000: [0.523] }, "page 1, newest, of 1e6"),
    ...pointsAlong(["list", "rows", "ms"], "MariaDB", "oncecode", { 1000: [0.315] }, "total, of all, of 1e3"),
    pointWithoutAxis("MariaDB", "oncecode", 412.7),
  ],
  ratios: [
    ratio("sixty-four callers", [2.2, 2.34, 2.5], { atLeast: 2 }),
    ratio("PostgreSQL, one caller", [0.61, 0.64, 0.7], { atLeast: 0.7 }),
    ratio("without an aim", [0.24], null),
  ],
  skipped: ["MySQL: no server at hand"],
};

const withRounds = (...rounds: readonly number[]): Run => ({
  ...run,
  points: [...run.points, ...run.points.map((point) => ({ ...point, subject: "odd", rounds }))],
  ratios: [...run.ratios, ratio("odd", rounds, { atLeast: 1 })],
});

const hostileRun: Run = {
  ...run,
  machine: { ...run.machine, cpu: HOSTILE, node: HOSTILE, versions: { [HOSTILE]: HOSTILE } },
  points: run.points.flatMap((point) => [
    { ...point, store: HOSTILE },
    { ...point, scenario: HOSTILE, subject: HOSTILE, label: HOSTILE },
  ]),
  ratios: run.ratios.map((one) => ({ ...one, name: HOSTILE, scenario: HOSTILE, store: HOSTILE })),
  skipped: [HOSTILE],
};

/** The tags that are not closed in order. */
const unclosed = (xml: string): readonly string[] => {
  const open: string[] = [];
  for (const [, slash, name = "", , end] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi))
    if (slash === "") open.push(...(end === "" ? [name] : []));
    else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  return open;
};

const sectionsOf = (page: string): readonly string[] =>
  [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, name = ""]) => name);

describe("the report", () => {
  const page = reportOf(run);

  it("has each ratio with its spread, its aim and whether the aim is met", () => {
    const rows = page.match(/<tr><td class="verdict[\s\S]*?<\/tr>/g) ?? [];
    const shown = rows.map((row) =>
      row
        .replace(/<[^>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
    );
    expect(shown).toEqual([
      "✓ met sixty-four callers PostgreSQL 2.34× ±6.4 % ≥ 2",
      "✗ missed PostgreSQL, one caller 0.640× ±7.0 % ≥ 0.7",
      "no aim without an aim PostgreSQL 0.240× – more is better",
    ]);
    expect(page).toMatch(/1 of 2 aims are met\. .*Missed:<\/span><\/p><ul><li>PostgreSQL, one caller<\/li><\/ul>/);
  });

  it("has each point, with or without a plot", () => {
    const publish = "311 1,900 5,432 6,901 6,203 1,344 2,047 3.2\u{a0}% 38,123";
    const others = "191 203 4,017 192 213 987 4.11 17.3 77.7 0.414 0.523 0.315 413";
    for (const figure of `${publish} ${others}`.split(" ")) expect(page).toContain(`>${figure}<small>`);
  });

  it("has the machine and the skipped comparisons", () => {
    for (const text of ["2 × Some Processor", "v24.21.0", "pg\u{a0}8.23.1", "1.38 ms", "MySQL: no server at hand"])
      expect(page).toContain(text);
  });

  it("has a plot for each kind with points", () => {
    expect(sectionsOf(page)).toEqual([
      "Ratios",
      "Throughput against callers",
      "Cost against the size of the pool",
      "Cost against depletion",
      "Latency",
      "Lists against rows",
      "All figures",
      "Skipped",
    ]);
    expect(sectionsOf(reportOf({ ...run, points: run.points.slice(0, 4), skipped: [] }))).toEqual([
      "Ratios",
      "Throughput against callers",
      "All figures",
    ]);
    expect(page.match(/<figure>/g)).toHaveLength(6);
  });

  it("marks the subjects that repeat codes, and no other", () => {
    const marked = [...page.matchAll(/<g class="line [^"]*doubtful">.*?<\/g>/g)].map(([markup]) => markup);
    expect(marked).toHaveLength(1);
    expect(marked[0]).toMatch(/check, then act.*repeats codes/);
  });

  it("is a page even if nothing was measured", () => {
    expect(sectionsOf(reportOf(emptyRun))).toEqual([]);
    expect(reportOf(emptyRun)).toMatch(/^<!doctype html>[\s\S]*Some Processor[\s\S]*<\/html>\n$/);
  });

  it("needs no external files", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=/i);
  });
});

describe.each([
  ["the report", reportOf],
  ["the headline", headlineOf],
])("%s", (_, draw) => {
  it("escapes text", () => {
    const drawn = draw(hostileRun);
    expect(drawn).not.toMatch(/<script|evil\.test"|&'/);
    expect(drawn).toContain("&lt;script");
  });

  it.each([
    ["not a number", [Number.NaN, 1]],
    ["infinite", [1, Number.POSITIVE_INFINITY]],
    ["zero", [0, 0, 0]],
    ["negative", [-1]],
    ["missing", []],
    ["tiny and huge", [1e-9, 1e12]],
  ])("draws nothing in wrong places if rounds are %s", (_name, rounds) => {
    for (const odd of [
      withRounds(...rounds),
      { ...withRounds(...rounds), points: withRounds(...rounds).points.slice(-13) },
    ])
      expect(draw(odd)).not.toMatch(/NaN|Infinity|∞/);
  });
});

describe("a plot", () => {
  it("leaves out points that its axis cannot show, and the table has them", () => {
    const rows = pointsAlong(["list", "rows", "ms"], "MariaDB", "oncecode", { 0: [0.277], 10: [0.3] }, "newest 10");
    const nowhere = pointsAlong(CALLERS, "Memory", "oncecode", { [Number.NaN]: [5] });
    const page = reportOf({ ...run, points: [...rows, ...nowhere] });
    expect(page).not.toMatch(/NaN|Infinity/);
    expect(page).toContain(">0.277<small>");
    expect(sectionsOf(page)).toEqual(["Ratios", "Lists against rows", "All figures", "Skipped"]);
  });

  it("has a line for each subject, or for each operation of the only subject", () => {
    const namesOf = (points: readonly Point[]) =>
      [...reportOf({ ...emptyRun, points }).matchAll(/<text class="label"[^>]*>(.*?)</g)].map(([, name]) => name);
    expect(namesOf(run.points.filter(({ scenario }) => scenario === "list"))).toEqual([
      "page 1, newest",
      "total, of all",
    ]);
    expect(
      namesOf(run.points.filter(({ scenario, store }) => scenario === "publish" && store === "PostgreSQL")),
    ).toEqual(["by hand: batches of 64", "check, then act", "oncecode"]);
  });
});

describe("the headline", () => {
  it("is well-formed XML, with a title", () => {
    for (const svg of [run, emptyRun, hostileRun].map(headlineOf)) {
      expect(unclosed(svg)).toEqual([]);
      expect(svg.replace(/<\/?[a-z]+((?:\s+[\w:-]+="[^"<]*")*)\s*\/?>/gi, "")).not.toMatch(
        /<|&(?!(amp|lt|gt|quot|#39);)/,
      );
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^>]*role="img">\n<title>/);
    }
  });

  it("shows the usual stores, or the measured ones", () => {
    const storesOf = (svg: string) => [...svg.matchAll(/class="store"[^>]*>(.*?)</g)].map(([, name]) => name);
    expect(storesOf(headlineOf(run))).toEqual(["PostgreSQL"]);
    expect(storesOf(headlineOf({ ...run, points: run.points.filter(({ store }) => store === "Memory") }))).toEqual([
      "Memory",
    ]);
  });

  it("draws oncecode last, on top of the others", () => {
    const tones = [...headlineOf(run).matchAll(/<g class="line ([\w-]+)/g)].map(([, tone]) => tone);
    expect(tones).toEqual(["tone-0", "tone-1", "us"]);
  });
});

describe("labels", () => {
  it("stay at their ideal position if they do not overlap", () => {
    const height = 10;
    const spread = (...middles: readonly number[]) =>
      placeLabels(
        middles.map((middle) => ({ middle, height })),
        100,
      );
    expect(spread(20, 60)).toEqual([20, 60]);
    expect(spread(62, 58)).toEqual([65, 55]);
    expect(spread(100, 100, 0)).toEqual([85, 95, 5]);
    expect(spread(50, 50, 50)).toEqual([40, 50, 60]);
  });

  it("are wrapped into lines of similar length", () => {
    expect(wrapText("order by random(), skip locked", 25)).toEqual(["order by random(),", "skip locked"]);
    expect(wrapText("short", 25)).toEqual(["short"]);
    expect(wrapText("x".repeat(60), 25).join("")).toBe("x".repeat(60));
  });
});
