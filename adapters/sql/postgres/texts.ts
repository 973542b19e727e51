/** The same text for the same names, made the first time that they come up. */
export const textFor = <Name extends string>(
  textOf: (names: readonly Name[]) => string,
): ((names: readonly Name[]) => string) => {
  const texts = new Map<string, string>();
  return (names) => {
    const key = names.join();
    const text = texts.get(key) ?? textOf(names);
    texts.set(key, text);
    return text;
  };
};
