import type { HandlerOptions, Keys } from "./options.ts";
import { isRecord } from "./wire/codecs.ts";

// Checks the options at runtime: a host may use JavaScript, or read a value from an environment variable that is not set.

const rejectOption = (path: string, expected: string): never => {
  throw new TypeError(`createHandler: Property .${path} must be ${expected}`);
};

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isFunction = (value: unknown): boolean => typeof value === "function";

const checkKey = (path: string, key: unknown): void => {
  const { id, token }: { readonly id?: unknown; readonly token?: unknown } = isRecord(key)
    ? key
    : rejectOption(path, "a key such as { id, token }");
  if (!isText(id)) rejectOption(`${path}.id`, "a text that is not empty");
  if (!isText(token)) rejectOption(`${path}.token`, "a text that is not empty");
};

/** An origin, written exactly as browsers send it: without a path, and like `URL` writes it. Apps may use other schemes. */
const isOrigin = (value: string): boolean =>
  value === "*" ||
  (/^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/.test(value) && (!/^https?:/.test(value) || new URL(value).origin === value));

const checkKeys = ({ server = [], client = [] }: Keys): void => {
  for (const [name, keys] of Object.entries({ server, client }))
    if (!Array.isArray(keys)) rejectOption(`keys.${name}`, "a list of keys");
  for (const [i, key] of server.entries()) checkKey(`keys.server[${i}]`, key);
  for (const [i, key] of client.entries()) {
    checkKey(`keys.client[${i}]`, key);
    if (!Array.isArray(key.origins) || !key.origins.every(isOrigin))
      rejectOption(`keys.client[${i}].origins`, "a list of origins such as https://shop.example, or *");
  }
};

export const checkOptions = (options: HandlerOptions): void => {
  if (!isRecord(options)) rejectOption("keys", "an object, if there is no authenticate");
  const { keys, authenticate, publicUrl, bodyMax, rateLimit, onResponse, onError } = options;
  if ((keys === undefined) === (authenticate === undefined))
    rejectOption("keys", "an object, if there is no authenticate, and absent otherwise");
  if (keys !== undefined && !isRecord(keys)) rejectOption("keys", "an object with server or client");
  if (keys !== undefined) checkKeys(keys);
  if (publicUrl !== undefined && !/^https?:\/\/[^?#]+$/.test(publicUrl))
    rejectOption("publicUrl", "a URL such as https://shop.example/promotions");
  if (bodyMax !== undefined && !(Number.isSafeInteger(bodyMax) && bodyMax >= 1))
    rejectOption("bodyMax", "a whole number, 1 or more");
  for (const [name, value] of Object.entries({ authenticate, rateLimit, onResponse, onError }))
    if (value !== undefined && !isFunction(value)) rejectOption(name, "a function");
};
