/** The text for each of a few keys, made the first time that it is asked for. `nameOf` tells the keys apart. */
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

/** The least power of `base` that is not below a number. Few sizes, so that there are few texts. */
export const nextPowerOf = (base: 2 | 4, number: number): number =>
  base ** Math.ceil(Math.log2(number) / Math.log2(base));
