/** Builds the text of a statement once per key. `nameOf` gives each key a distinct name. */
export const statementCache = <Key>(
  nameOf: (key: Key) => string,
  make: (key: Key) => string,
): ((key: Key) => string) => {
  const statements = new Map<string, string>();
  return (key) => {
    const name = nameOf(key);
    const text = statements.get(name) ?? make(key);
    statements.set(name, text);
    return text;
  };
};

/** The smallest power of `base` that is at least `number`. Rounding up keeps the number of different statements small. */
export const nextPowerOf = (base: 2 | 4, number: number): number =>
  base ** Math.ceil(Math.log2(number) / Math.log2(base));
