import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { methodNotAllowed as refuseMethods } from "hono/method-not-allowed";
import type { Engine } from "oncecode";
import { admit, mayComeFrom } from "./access/admission.ts";
import { authenticateBy } from "./access/keys.ts";
import { LIMIT_HEADERS, withinLimit } from "./access/limits.ts";
import { requestId } from "./answers/random.ts";
import { answerResponse, checkAccept, errorResponse, tooLargeResponse } from "./answers/responses.ts";
import { checkOptions } from "./checking.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { endpointsOf } from "./endpoints.ts";
import { type ApiError, apiErrorOf, methodNotAllowed, notFound } from "./failures.ts";
import type { AccessEntry, Authenticate, Caller, HandlerOptions } from "./options.ts";
import { readJson } from "./requests/bodies.ts";
import { parseQuery, searchOf } from "./requests/query.ts";

/** A handler of requests by the Fetch standard: what Hono, Bun, Deno, Next.js and adapters for Node mount. */
export type Handler = (request: Request) => Promise<Response>;

const BODY_MAX = 10_485_760;

/** What is known of a request while it is under way. */
interface Progress {
  readonly requestId: string;
  caller: Caller | null;
  route: string | null;
  /** How much the caller may still do. */
  limits: Readonly<Record<string, string>>;
}
type Env = { Bindings: { readonly progress: Progress } };

/** Runs an endpoint for a request, once its caller is known and may. */
const serve = (endpoint: Endpoint, authenticate: Authenticate, options: HandlerOptions) => {
  const withBody = endpoint.method === "POST" || endpoint.method === "PUT";
  return async (c: Context<Env>): Promise<Response> => {
    const { progress } = c.env;
    const request = c.req.raw;
    progress.route = endpoint.path;
    progress.caller = await admit(authenticate, endpoint.access, request);
    progress.limits = await withinLimit(options, progress.caller, request);
    checkAccept(request);
    const json = withBody ? await readJson(request) : undefined;
    const call: Call = {
      param: (name) => c.req.param(name) ?? "",
      query: parseQuery(searchOf(request)),
      body: json,
      json,
      request,
      requestId: progress.requestId,
    };
    return answerResponse(await endpoint.run(call), progress.requestId, progress.limits);
  };
};

/** A log that fails must not cost a caller the answer. */
const quietly = (tell: () => void): void => {
  try {
    tell();
  } catch {
    // It is the host's own.
  }
};

/** The client side is called from web pages, so browsers ask first. */
const crossOrigin = (options: HandlerOptions): MiddlewareHandler<Env> => {
  const origins = options.keys === undefined ? ["*"] : (options.keys.client ?? []).flatMap((key) => key.origins);
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
    exposeHeaders: ["X-Request-Id", "Retry-After", ...LIMIT_HEADERS],
    maxAge: 600,
  });
};

/** Believes a length that is given, as servers hold their clients to it, and counts where none is. */
const bodyWithin = (max: number): MiddlewareHandler<Env> => {
  const onError = (c: Context<Env>): Response => tooLargeResponse(max, c.env.progress.requestId);
  const counting: MiddlewareHandler<Env> = bodyLimit({ maxSize: max, onError });
  return async (c, next) => {
    const { headers, method } = c.req.raw;
    const length = headers.get("Content-Length");
    if (length !== null && !headers.has("Transfer-Encoding")) return Number(length) > max ? onError(c) : next();
    return method === "GET" || method === "HEAD" ? next() : counting(c, next);
  };
};

const BUG: ApiError = { status: 500, key: "internal_error", message: "Internal error" };

const failed = (error: unknown, { requestId: id, limits }: Progress, { onError }: HandlerOptions): Response => {
  const known = apiErrorOf(error) ?? BUG;
  if (known.status >= 500) quietly(() => onError?.(error, id));
  return errorResponse({ ...known, headers: { ...limits, ...known.headers } }, id);
};

const appOf = (engine: Engine, options: HandlerOptions): Hono<Env> => {
  const authenticate = options.authenticate ?? authenticateBy(options.keys);
  const app = new Hono<Env>({ strict: false });
  app.use(
    refuseMethods({
      app,
      onMethodNotAllowed: (c, allowed) =>
        errorResponse(methodNotAllowed(c.req.method, allowed), c.env.progress.requestId),
    }),
  );
  app.use("/client/*", crossOrigin(options));
  app.use(bodyWithin(options.bodyMax ?? BODY_MAX));
  for (const endpoint of endpointsOf(engine, options))
    app.on(endpoint.method, endpoint.path, serve(endpoint, authenticate, options));
  app.notFound((c) => errorResponse(notFound("There is no such endpoint"), c.env.progress.requestId));
  app.onError((error, c) => failed(error, c.env.progress, options));
  return app;
};

/**
 * The contract's HTTP API on an engine, under `/v1` and `/client/v1`. Throws a `TypeError` if an option is wrong; starts
 * nothing, so there is nothing to stop.
 */
export const createHandler = (engine: Engine, options: HandlerOptions): Handler => {
  checkOptions(options);
  const app = appOf(engine, options);
  return async (request) => {
    const began = performance.now();
    const progress: Progress = { requestId: requestId(), caller: null, route: null, limits: {} };
    const response = await app.fetch(request, { progress });
    // Hono answers these by itself.
    if (request.method === "OPTIONS") response.headers.set("X-Request-Id", progress.requestId);
    const entry: AccessEntry = {
      requestId: progress.requestId,
      method: request.method,
      route: progress.route,
      status: response.status,
      milliseconds: Math.round((performance.now() - began) * 1000) / 1000,
      caller: progress.caller?.type ?? null,
    };
    quietly(() => options.onAnswer?.(entry));
    return response;
  };
};
