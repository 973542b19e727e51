const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for HTML and SVG. A character that XML does not allow becomes U+FFFD. */
export const escapeMarkup = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/gu, "\u{fffd}")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** A coordinate with one decimal. */
export const px = (n: number): string => String(Number(n.toFixed(1)));

const breakLines = (text: string, max: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).flatMap((long) => long.match(new RegExp(`.{1,${max}}`, "gu")) ?? [])) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= max) lines.splice(-1, 1, `${line} ${word}`);
    else lines.push(word);
  }
  return lines;
};

/** Wraps a text into as few lines of at most `max` characters as possible, of similar lengths, at spaces where possible. */
export const wrapText = (text: string, max: number): readonly string[] => {
  let lines = breakLines(text, max);
  for (let narrower = max - 1; narrower > 0; narrower--) {
    const next = breakLines(text, narrower);
    if (next.length > lines.length) break;
    lines = next;
  }
  return lines;
};
