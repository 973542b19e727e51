import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Engine } from "oncecode";
import { admit, mayComeFrom } from "./access.ts";
import { readJson } from "./bodies.ts";
import type { Answer, Call, Endpoint } from "./endpoint.ts";
import { endpointsOf } from "./endpoints.ts";
import { type ApiError, apiErrorOf, notFound, Refusal } from "./failures.ts";
import { authenticateBy } from "./keys.ts";
import { withinLimit } from "./limits.ts";
import type { AccessEntry, Authenticate, Caller, HandlerOptions } from "./options.ts";
import { checkOptions } from "./options-check.ts";
import { parseQuery } from "./query.ts";
import { requestId } from "./random.ts";
import { apiError } from "./wire/errors.ts";

/** A handler of requests by the Fetch standard: what Hono, Bun, Deno, Next.js and adapters for Node mount. */
export type Handler = (request: Request) => Promise<Response>;

const BODY_MAX = 10_485_760;

/** What is known of a request while it is under way. */
interface Progress {
  readonly requestId: string;
  caller: Caller | null;
  route: string | null;
}
type Env = { Variables: { progress: Progress } };

const encode = (error: ApiError, requestId: string): string => JSON.stringify(apiError.encode({ error, requestId }));

const JSON_HEADERS = { "Content-Type": "application/json; charset=utf-8" };

const errorResponse = (error: ApiError, requestId: string): Response =>
  new Response(encode(error, requestId), { status: error.status, headers: { ...JSON_HEADERS, ...error.headers } });

const responseOf = ({ status, body }: Answer, headers: Readonly<Record<string, string>>): Response => {
  if (body === undefined) return new Response(null, { status, headers });
  if (body instanceof ReadableStream)
    return new Response(body, { status, headers: { ...headers, "Content-Type": "text/csv; charset=utf-8" } });
  return new Response(JSON.stringify(body), { status, headers: { ...headers, ...JSON_HEADERS } });
};

const ACCEPTED = /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json)|text\/(?:\*|csv))\s*(?:;|,|$)/i;
const checkAccept = ({ headers }: Request): void => {
  const accept = headers.get("Accept");
  if (accept === null || accept === "" || ACCEPTED.test(accept)) return;
  const details = "Answers are application/json: accept it";
  throw new Refusal({ status: 406, key: "not_acceptable", message: "Not acceptable", details });
};

/** Runs an endpoint for a request, once its caller is known and may. */
const serve = (endpoint: Endpoint, authenticate: Authenticate, options: HandlerOptions) => {
  const withBody = endpoint.method === "POST" || endpoint.method === "PUT";
  return async (c: Context<Env>): Promise<Response> => {
    const progress = c.get("progress");
    const request = c.req.raw;
    progress.route = endpoint.path;
    progress.caller = await admit(authenticate, endpoint.access, request);
    const headers = await withinLimit(options, progress.caller, request);
    checkAccept(request);
    const json = withBody ? await readJson(request) : undefined;
    const call: Call = {
      param: (name) => c.req.param(name) ?? "",
      query: parseQuery(new URL(request.url).search),
      body: json,
      json,
      request,
      requestId: progress.requestId,
    };
    return responseOf(await endpoint.run(call), headers);
  };
};

const tooLarge = (c: Context, limit: number): Response =>
  // The contract has another shape for this one.
  c.json(
    {
      statusCode: 413,
      error: "Request Entity Too Large",
      message: `Payload content length greater than maximum allowed: ${limit}`,
    },
    413,
  );

/** The client side is called from web pages, so browsers ask first. */
const crossOrigin = (options: HandlerOptions) => {
  const origins = "keys" in options ? (options.keys.client ?? []).flatMap((key) => key.origins) : ["*"];
  return cors({
    origin: (origin) => (origin !== "" && mayComeFrom(origins, origin) ? origin : null),
    allowMethods: ["POST"],
    allowHeaders: [
      "Content-Type",
      "Idempotency-Key",
      "X-Client-Application-Id",
      "X-Client-Token",
      "X-Voucherify-API-Version",
      "X-Voucherify-Channel",
    ],
    exposeHeaders: ["X-Request-Id", "Retry-After"],
    maxAge: 600,
  });
};

const failed = (error: unknown, { requestId }: Progress, { onError }: HandlerOptions): Response => {
  const known = apiErrorOf(error);
  if (known === null || known.status >= 500) onError?.(error, requestId);
  return errorResponse(known ?? { status: 500, key: "internal_error", message: "Internal error" }, requestId);
};

const appOf = (engine: Engine, options: HandlerOptions): Hono<Env> => {
  const authenticate = "keys" in options ? authenticateBy(options.keys) : options.authenticate;
  const bodyMax = options.bodyMax ?? BODY_MAX;
  const app = new Hono<Env>({ strict: false });

  app.use(async (c, next) => {
    const began = performance.now();
    const progress: Progress = { requestId: requestId(), caller: null, route: null };
    c.set("progress", progress);
    await next();
    c.header("X-Request-Id", progress.requestId);
    // Codes are for the one who asked.
    c.header("Cache-Control", "no-store");
    options.onAnswer?.(entryOf(c, progress, began));
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => {
        const details = `${c.req.method} is not for this path: ${allowed.join(", ")}`;
        const headers = { Allow: allowed.join(", ") };
        const error = { status: 405, key: "method_not_allowed", message: "Method not allowed", details, headers };
        return errorResponse(error, c.get("progress").requestId);
      },
    }),
  );
  app.use("/client/*", crossOrigin(options));
  app.use(bodyLimit({ maxSize: bodyMax, onError: (c) => tooLarge(c, bodyMax) }));
  for (const endpoint of endpointsOf(engine, options))
    app.on(endpoint.method, endpoint.path, serve(endpoint, authenticate, options));
  app.notFound((c) => errorResponse(notFound("There is no such endpoint"), c.get("progress").requestId));
  app.onError((error, c) => failed(error, c.get("progress"), options));
  return app;
};

const entryOf = (c: Context<Env>, { requestId, caller, route }: Progress, began: number): AccessEntry => ({
  requestId,
  method: c.req.method,
  route,
  status: c.res.status,
  milliseconds: Math.round((performance.now() - began) * 1000) / 1000,
  caller: caller?.type ?? null,
});

/**
 * The contract's HTTP API on an engine, under `/v1` and `/client/v1`. Throws a `TypeError` if an option is wrong; starts
 * nothing, so there is nothing to stop.
 */
export const createHandler = (engine: Engine, options: HandlerOptions): Handler => {
  checkOptions(options);
  const app = appOf(engine, options);
  return async (request) => app.fetch(request);
};
