import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT: string = join(import.meta.dirname, "../..");

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "dist"]);

const guidesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) || entry.name.startsWith(".") ? [] : guidesIn(path);
    return entry.name === "README.md" ? [path] : [];
  });

/** The guides, by their paths from the root. */
export const GUIDES: readonly string[] = guidesIn("");

export const readGuide = (guide: string): string => readFileSync(join(ROOT, guide), "utf8");

/** The code blocks of a guide in one language. Commands are in blocks without a language, or in `sh` blocks. */
export const blocksOf = (guide: string, language: "ts" | "commands"): readonly string[] => {
  const blocks = [...readGuide(guide).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, name, code = ""]) => ({
    name,
    code,
  }));
  return blocks
    .filter(({ name, code }) => (language === "ts" ? name === "ts" : (name === "sh" || name === "") && isCommand(code)))
    .map(({ code }) => code);
};

/** Pictures made of characters are blocks without a language, too. */
const isCommand = (code: string): boolean => /^(?:npm|npx|curl) /.test(code);
