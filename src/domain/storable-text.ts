/**
 * Text that every store gives back as it was: with U+0000 PostgreSQL refuses it, and half a surrogate pair has no
 * encoding in UTF-8.
 */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\u0000");

/** Whether a text has from `min` to `max` code points, without counting those of a huge one. */
export const hasLength = (text: string, min: number, max: number): boolean => {
  if (text.length <= max) return text.length >= 2 * min || [...text].length >= min;
  return text.length <= 2 * max && [...text].length <= max;
};
