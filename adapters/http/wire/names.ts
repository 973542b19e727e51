// The API has names in snake_case, the engine in camelCase: `line_1` and `line1`.

export type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

export const toCamelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const toSnakeCase = (name: string): string => name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);

/** Names inside metadata and filters come from the host, so they are not translated. */
const HOST_NAMES = /(?:^|\.)(?:metadata|filters)(?:[.[]|$)/;

/** The path of a field with the names of the API. */
export const wirePath = (path: string): string => {
  const at = HOST_NAMES.exec(path)?.index ?? path.length;
  return toSnakeCase(path.slice(0, at)) + path.slice(at);
};
