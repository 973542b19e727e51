/** The text for each of a few keys, made the first time that it is asked for. `nameOf` tells the keys apart. */
export const textFor = <Key>(nameOf: (key: Key) => string, make: (key: Key) => string): ((key: Key) => string) => {
  const texts = new Map<string, string>();
  return (key) => {
    const name = nameOf(key);
    const text = texts.get(name) ?? make(key);
    texts.set(name, text);
    return text;
  };
};
