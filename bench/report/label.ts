import { escapeMarkup, px, wrapText } from "./text.ts";

/** The width of a character at the size in `style.ts`, in a wide font. */
export const CHARACTER_WIDTH = 6.2;
const CHARACTERS_MAX = 25;
const LINE_HEIGHT = 13;

/** The same for all plots, so that plots below each other are aligned. */
export const LABEL_WIDTH: number = CHARACTERS_MAX * CHARACTER_WIDTH;

/** The label at the end of a line. */
export interface Label {
  readonly name: readonly string[];
  readonly caveat: readonly string[];
}

export const labelOf = (name: string, caveat: string | null): Label => ({
  name: wrapText(name, CHARACTERS_MAX),
  caveat: caveat === null ? [] : wrapText(caveat, CHARACTERS_MAX),
});

const heightOf = ({ name, caveat }: Label): number => (name.length + caveat.length) * LINE_HEIGHT;

/** The height of a label with the gap to the next one. */
export const slotHeight = (label: Label): number => heightOf(label) + 3;

export const labelMarkup = (label: Label, x: number, middle: number): string => {
  const baseline = middle - heightOf(label) / 2 + LINE_HEIGHT - 3;
  return [...label.name, ...label.caveat]
    .map((text, i) => {
      const kind = i < label.name.length ? "label" : "label caveat";
      return `<text class="${kind}" x="${px(x)}" y="${px(baseline + i * LINE_HEIGHT)}">${escapeMarkup(text)}</text>`;
    })
    .join("");
};
