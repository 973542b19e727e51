/**
 * The publication API over HTTP, for a host to mount in its own server: `createHandler(engine, { keys })` is a handler by
 * the Fetch standard. Needs `hono` and `qs`.
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
