/** The wire speaks snake_case, the engine camelCase: `line_1` and `line1`. */

export type Camel<S extends string> = S extends `${infer Head}_${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : S;

export const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);

/** What hosts named themselves, metadata keys and filters, is left as it is. */
const THEIRS = /(?:^|\.)(?:metadata|filters)(?:[.[]|$)/;

/** The path of a field as the wire's caller knows it. */
export const wirePath = (path: string): string => {
  const at = THEIRS.exec(path)?.index ?? path.length;
  return snake(path.slice(0, at)) + path.slice(at);
};
