/** A line to print, and its kind. */
export interface Line {
  readonly style: "title" | "plain" | "detail" | "good" | "bad";
  readonly text: string;
}

const line =
  (style: Line["style"]): ((text: string) => Line) =>
  (text) => ({ style, text });
export const title: (text: string) => Line = line("title");
export const plain: (text: string) => Line = line("plain");
export const detail: (text: string) => Line = line("detail");
export const blank: Line = plain("");

export const formatNumber = (value: number): string => value.toLocaleString("en-US");
export const formatCount = (amount: number, singular: string, plural: string = `${singular}s`): string =>
  `${formatNumber(amount)} ${amount === 1 ? singular : plural}`;

/** A row of a table with two columns. */
export const labelledRow = (label: string, text: string): Line => plain(`  ${label.padEnd(12)}${text}`);
export const continuationRow = (text: string): Line => detail(`  ${" ".repeat(12)}${text}`);
