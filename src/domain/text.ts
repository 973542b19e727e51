/**
 * Whether every store can return a text unchanged. PostgreSQL refuses U+0000, and UTF-8 cannot encode half a surrogate
 * pair.
 */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\u0000");

/** Whether a text has from `min` to `max` code points. It does not count the code points of a huge text. */
export const hasLength = (text: string, min: number, max: number): boolean => {
  if (text.length <= max) return text.length >= 2 * min || [...text].length >= min;
  return text.length <= 2 * max && [...text].length <= max;
};
