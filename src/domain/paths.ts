const PLAIN = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
/** A key can be as long as its sender likes. */
const SHOWN = 64;

/** The path of a field inside another: `campaign.count`, `metadata["a key"]`. */
export const fieldOf = (path: string, key: string): string => {
  const shown = key.length > SHOWN ? `${key.slice(0, SHOWN).toWellFormed()}…` : key.toWellFormed();
  if (!PLAIN.test(key) || key !== shown) return `${path}[${JSON.stringify(shown)}]`;
  return path === "" ? key : `${path}.${key}`;
};

/** The path of an element: `codes[3]`. */
export const elementOf = (path: string, index: number): string => `${path}[${index}]`;
