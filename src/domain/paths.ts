const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
/** A caller may send a very long key. A path shows at most this many characters of it. */
const KEY_LENGTH_MAX = 64;

/** The path of a field inside another: `campaign.count`, `metadata["a key"]`. */
export const fieldPath = (path: string, key: string): string => {
  const shortKey = key.length > KEY_LENGTH_MAX ? `${key.slice(0, KEY_LENGTH_MAX).toWellFormed()}…` : key.toWellFormed();
  if (!PLAIN.test(key) || key !== shortKey) return `${path}[${JSON.stringify(shortKey)}]`;
  return path === "" ? key : `${path}.${key}`;
};

/** The path of an element: `codes[3]`. */
export const elementPath = (path: string, index: number): string => `${path}[${index}]`;
