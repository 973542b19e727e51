/** Writes `dist/llms.txt`: all guides as one text for language models (https://llmstxt.org). Run by `npm run build`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GUIDES, ROOT, readGuide } from "../guides/guides.ts";

const titleOf = (guide: string): string => /^# (.*)$/m.exec(readGuide(guide))?.[1] ?? guide;

/** The guides in the order of the table in README.md, which links each of them. */
const guidesInOrder = (): readonly string[] => {
  const position = (guide: string): number =>
    guide === "README.md" ? -1 : readGuide("README.md").indexOf(`| [${guide}](`);
  return GUIDES.toSorted((a, b) => position(a) - position(b));
};

/** Headings of a guide move down by one level, because the guide becomes a section. Lines in code blocks stay. */
const sectionOf = (guide: string): string => {
  let isCode = false;
  const lines = readGuide(guide)
    .split("\n")
    .map((line) => {
      if (line.startsWith("```")) isCode = !isCode;
      return !isCode && /^#+ /.test(line) ? `#${line}` : line;
    });
  return [`<!-- ${guide} -->`, ...lines].join("\n");
};

/** The text of `llms.txt`. */
export const llmsText = (): string => {
  const { description }: { readonly description: string } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  const guides = guidesInOrder();
  const links = guides.map((guide) => `- [${titleOf(guide)}](${guide})`);
  return [`# oncecode`, `> ${description}`, links.join("\n"), ...guides.map(sectionOf)].join("\n\n");
};

if (process.argv[1] === import.meta.filename) writeFileSync(join(ROOT, "dist/llms.txt"), llmsText());
