import { existsSync, globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { GUIDES, ROOT, readGuide } from "./guides.ts";

const LINE_MAX = 140;
const README_LINES_MAX = 200;

const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, "");

/** The anchor of a heading, as hosting sites make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
const anchorsOf = (guide: string): readonly string[] =>
  [...withoutBlocks(readGuide(guide)).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

const linksOf = (guide: string): readonly string[] =>
  [...withoutBlocks(readGuide(guide)).matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);

const isBroken = (guide: string, link: string): boolean => {
  if (/^https?:/.test(link)) return false;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? guide : normalize(join(dirname(guide), path));
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !anchorsOf(target).includes(anchor);
};

const FILES: readonly string[] = globSync(["package.json", "{.ci,src,adapters,test,bench}{,/**/*}"], { cwd: ROOT });
/** The paths in code spans, such as `domain/codes.ts`. A guide may shorten the path of a file that it has named before. */
const pathsOf = (guide: string): readonly string[] =>
  [...withoutBlocks(readGuide(guide)).matchAll(/`([\w./-]+\.(?:ts|json)|[\w.-]+\/(?:[\w.-]+\/)*)`/g)].map(
    ([, path = ""]) => path,
  );
const isMissing = (path: string): boolean => {
  const end = `/${path.replaceAll("../", "").replace(/\/$/, "")}`;
  return !FILES.some((file) => `/${file}`.endsWith(end));
};

it("finds all guides", () => {
  expect(GUIDES).toContain("README.md");
  expect(GUIDES).toHaveLength(9);
});

describe.each(GUIDES)("%s", (guide) => {
  it("links only to files and headings that exist", () => {
    expect(linksOf(guide).filter((link) => isBroken(guide, link))).toEqual([]);
  });

  it("names only files and folders that exist", () => {
    expect(pathsOf(guide).filter((path) => isMissing(path))).toEqual([]);
  });

  it("starts with a program or a command", () => {
    const [, firstSection = ""] = readGuide(guide).split(/^# .*$/m);
    const code = firstSection.indexOf("```");
    expect(code).toBeGreaterThan(0);
    expect(firstSection.slice(0, code).split("\n").length).toBeLessThan(10);
  });

  it("has no long lines, except in tables and code", () => {
    const lines = withoutBlocks(readGuide(guide)).split("\n");
    expect(lines.filter((line) => line.length > LINE_MAX && !line.startsWith("|"))).toEqual([]);
  });
});

it(`README.md has at most ${README_LINES_MAX} lines`, () => {
  expect(readGuide("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(README_LINES_MAX);
});

it.each([
  ["a link to a missing file", () => isBroken("README.md", "src/missing.md")],
  ["a link to a missing heading", () => isBroken("README.md", "src/README.md#missing")],
  ["a missing file", () => isMissing("domain/missing.ts")],
])("would find %s", (_, finds) => {
  expect(finds()).toBe(true);
});
