import { KEYS, ORIGIN } from "../../../support/http-api.ts";

const client = (more: object) => ({ keys: { client: [{ id: "web", token: "t", origins: [ORIGIN], ...more }] } });

/** Wrong options of a handler, with the wrong field. */
export const WRONG_OPTIONS: readonly (readonly [title: string, options: unknown, field: string])[] = [
  ["nothing", undefined, "keys"],
  ["no keys", {}, "keys"],
  ["no list of keys", { keys: null }, "keys"],
  ["server keys that are no list", { keys: { server: { id: "a", token: "b" } } }, "keys.server"],
  ["client keys that are no list", { keys: { client: "web" } }, "keys.client"],
  ["a server key that is none", { keys: { server: [null] } }, "keys.server[0]"],
  ["an empty id", { keys: { server: [{ id: "", token: "t" }] } }, "keys.server[0].id"],
  [
    "an empty token",
    {
      keys: {
        server: [
          { id: "a", token: "t" },
          { id: "b", token: "" },
        ],
      },
    },
    "keys.server[1].token",
  ],
  ["a token that is missing", { keys: { server: [{ id: "a" }] } }, "keys.server[0].token"],
  ["an empty client token", client({ token: "" }), "keys.client[0].token"],
  ["an origin with a path", client({ origins: [`${ORIGIN}/`] }), "keys.client[0].origins"],
  ["an origin without a scheme", client({ origins: ["shop.example"] }), "keys.client[0].origins"],
  ["an origin in capitals", client({ origins: ["https://SHOP.example"] }), "keys.client[0].origins"],
  ["an origin that is no list", client({ origins: ORIGIN }), "keys.client[0].origins"],
  ["an authentication that is none", { authenticate: "yes" }, "authenticate"],
  ["a body of nothing", { keys: KEYS, bodyMax: 0 }, "bodyMax"],
  ["a body of half a byte", { keys: KEYS, bodyMax: 0.5 }, "bodyMax"],
  ["a limit that is no function", { keys: KEYS, rateLimit: 100 }, "rateLimit"],
  ["a log that is none", { keys: KEYS, onResponse: console }, "onResponse"],
  ["another log that is none", { keys: KEYS, onError: null }, "onError"],
];
