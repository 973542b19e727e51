import { expect, it } from "vitest";
import { blocksOf, GUIDES } from "../guides/guides.ts";
import { llmsText } from "./llms-txt.ts";

it("llms.txt has a title, a summary, a link to each guide, and the text of each guide", () => {
  const text = llmsText();
  expect(text).toMatch(/^# oncecode\n\n> \w.*\n\n- \[oncecode\]\(README\.md\)\n/);
  for (const guide of GUIDES) {
    expect(text).toContain(`](${guide})\n`);
    for (const code of blocksOf(guide, "ts")) expect(text).toContain(code);
  }
  expect(text.match(/^# /gm)).toHaveLength(1);
});
