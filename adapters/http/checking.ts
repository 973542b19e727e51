import type { HandlerOptions } from "./options.ts";

/** Options as somebody may have written them in JavaScript, or read them from an environment that lacks one. */

const wrong = (path: string, expected: string): never => {
  throw new TypeError(`createHandler: Property .${path} must be ${expected}`);
};

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isFunction = (value: unknown): boolean => typeof value === "function";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const checkKey = (path: string, key: unknown): void => {
  const { id, token }: { readonly id?: unknown; readonly token?: unknown } = isObject(key)
    ? key
    : wrong(path, "a key, as { id, token }");
  if (!isText(id)) wrong(`${path}.id`, "a text that is not empty");
  if (!isText(token)) wrong(`${path}.token`, "a text that is not empty");
};

/** Browsers send an origin without a path, and compare it letter by letter. */
const isOrigin = (value: string): boolean => value === "*" || (URL.canParse(value) && new URL(value).origin === value);

export const checkOptions = (options: HandlerOptions): void => {
  if (typeof options !== "object" || options === null) wrong("keys", "given, or authenticate");
  if ("authenticate" in options) {
    if (!isFunction(options.authenticate)) wrong("authenticate", "a function");
  } else if (typeof options.keys !== "object" || options.keys === null) wrong("keys", "given, or authenticate");
  else {
    const { server = [], client = [] } = options.keys;
    for (const [name, keys] of Object.entries({ server, client }))
      if (!Array.isArray(keys)) wrong(`keys.${name}`, "a list of keys");
    for (const [i, key] of server.entries()) checkKey(`keys.server[${i}]`, key);
    for (const [i, key] of client.entries()) {
      checkKey(`keys.client[${i}]`, key);
      if (!Array.isArray(key.origins) || !key.origins.every(isOrigin))
        wrong(`keys.client[${i}].origins`, "a list of origins, as https://shop.example, or *");
    }
  }
  const { bodyMax, rateLimit, onAnswer, onError } = options;
  if (bodyMax !== undefined && !(Number.isSafeInteger(bodyMax) && bodyMax >= 1))
    wrong("bodyMax", "a whole number, 1 or more");
  for (const [name, value] of Object.entries({ rateLimit, onAnswer, onError }))
    if (value !== undefined && !isFunction(value)) wrong(name, "a function");
};
