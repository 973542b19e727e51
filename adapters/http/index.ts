/**
 * The HTTP API, for the host's own server. `createHandler(engine, { keys })` returns a handler of the Fetch standard.
 * A request goes through `handler.ts`, `access/`, `requests/`, `routes/` (which call the engine), `wire/` and `responses/`.
 * The folder imports `oncecode`, `hono`, `qs`, io-ts, fp-ts and csv-stringify, and no store.
 *
 * @module
 */
export { createHandler, type Handler } from "./handler.ts";
export type {
  AccessLogEntry,
  Authenticate,
  Caller,
  ClientKey,
  HandlerOptions,
  Keys,
  RateLimit,
  ServerKey,
} from "./options.ts";
