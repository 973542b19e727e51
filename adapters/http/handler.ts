import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { methodNotAllowed as refuseMethods } from "hono/method-not-allowed";
import type { Engine } from "oncecode";
import { authorize, isOriginAllowed } from "./access/authorization.ts";
import { authenticateByKeys } from "./access/keys.ts";
import { checkRateLimit, RATE_LIMIT_HEADERS } from "./access/rate-limit.ts";
import { type ApiError, methodNotAllowed, notFound, toApiError } from "./api-errors.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";
import { endpointsOf } from "./endpoints.ts";
import { checkOptions } from "./option-validation.ts";
import type { AccessLogEntry, Authenticate, Caller, HandlerOptions } from "./options.ts";
import { readJson } from "./requests/json-body.ts";
import { parseQuery, queryStringOf } from "./requests/query-string.ts";
import { checkAccept, errorResponse, payloadTooLargeResponse, successResponse } from "./responses/fetch-response.ts";
import { newRequestId } from "./responses/random-ids.ts";

/** A handler of the Fetch standard. Hono, Bun, Deno, Next.js and adapters for Node can mount it. */
export type Handler = (request: Request) => Promise<Response>;

const BODY_MAX = 10_485_760;

/** The data of one request, collected while it runs. */
interface RequestState {
  readonly requestId: string;
  caller: Caller | null;
  route: string | null;
  /** The headers with the caller's rate limit. */
  rateLimitHeaders: Readonly<Record<string, string>>;
}
type Env = { Bindings: { readonly requestState: RequestState } };

/** Authenticates and authorizes the caller, then runs the endpoint. */
const endpointHandler = (endpoint: Endpoint, authenticate: Authenticate, options: HandlerOptions) => {
  const hasBody = endpoint.method === "POST" || endpoint.method === "PUT";
  return async (c: Context<Env>): Promise<Response> => {
    const { requestState } = c.env;
    const request = c.req.raw;
    requestState.route = endpoint.path;
    requestState.caller = await authorize(authenticate, endpoint.access, request);
    requestState.rateLimitHeaders = await checkRateLimit(options, requestState.caller, request);
    checkAccept(request);
    const json = hasBody ? await readJson(request) : undefined;
    const call: EndpointCall = {
      param: (name) => c.req.param(name) ?? "",
      query: parseQuery(queryStringOf(request)),
      body: json,
      wireBody: json,
      request,
      requestId: requestState.requestId,
    };
    return successResponse(await endpoint.run(call), requestState.requestId, requestState.rateLimitHeaders);
  };
};

/** An error in the host's log must not prevent the response. */
const ignoreErrors = (callback: () => void): void => {
  try {
    callback();
  } catch {
    // The host's callback has thrown. The host can catch its own errors.
  }
};

/** Web pages call the client API, so browsers send preflight requests. */
const corsMiddleware = (options: HandlerOptions): MiddlewareHandler<Env> => {
  const origins = options.keys === undefined ? ["*"] : (options.keys.client ?? []).flatMap((key) => key.origins);
  return cors({
    origin: (origin) => (origin !== "" && isOriginAllowed(origins, origin) ? origin : null),
    allowMethods: ["POST"],
    allowHeaders: [
      "Content-Type",
      "Idempotency-Key",
      "X-Client-Application-Id",
      "X-Client-Token",
      "X-Voucherify-API-Version",
      "X-Voucherify-Channel",
    ],
    exposeHeaders: ["X-Request-Id", "Retry-After", ...RATE_LIMIT_HEADERS],
    maxAge: 600,
  });
};

/** Uses the header `Content-Length` if there is one, because servers enforce it. Otherwise counts the bytes. */
const bodySizeLimit = (max: number): MiddlewareHandler<Env> => {
  const onError = (c: Context<Env>): Response => payloadTooLargeResponse(max, c.env.requestState.requestId);
  const countingLimit: MiddlewareHandler<Env> = bodyLimit({ maxSize: max, onError });
  return async (c, next) => {
    const { headers, method } = c.req.raw;
    const length = headers.get("Content-Length");
    if (length !== null && !headers.has("Transfer-Encoding")) return Number(length) > max ? onError(c) : next();
    return method === "GET" || method === "HEAD" ? next() : countingLimit(c, next);
  };
};

const INTERNAL_ERROR: ApiError = { status: 500, key: "internal_error", message: "Internal error" };

const failureResponse = (
  error: unknown,
  { requestId: id, rateLimitHeaders: limits }: RequestState,
  { onError }: HandlerOptions,
): Response => {
  const apiError = toApiError(error) ?? INTERNAL_ERROR;
  if (apiError.status >= 500) ignoreErrors(() => onError?.(error, id));
  return errorResponse({ ...apiError, headers: { ...limits, ...apiError.headers } }, id);
};

const createApp = (engine: Engine, options: HandlerOptions): Hono<Env> => {
  const authenticate = options.authenticate ?? authenticateByKeys(options.keys);
  const app = new Hono<Env>({ strict: false });
  app.use(
    refuseMethods({
      app,
      onMethodNotAllowed: (c, allowed) =>
        errorResponse(methodNotAllowed(c.req.method, allowed), c.env.requestState.requestId),
    }),
  );
  app.use("/client/*", corsMiddleware(options));
  app.use(bodySizeLimit(options.bodyMax ?? BODY_MAX));
  for (const endpoint of endpointsOf(engine, options))
    app.on(endpoint.method, endpoint.path, endpointHandler(endpoint, authenticate, options));
  app.notFound((c) => errorResponse(notFound("There is no such endpoint"), c.env.requestState.requestId));
  app.onError((error, c) => failureResponse(error, c.env.requestState, options));
  return app;
};

/**
 * Creates the HTTP API of an engine, under `/v1` and `/client/v1`. It throws a `TypeError` if an option is wrong. It starts
 * no server, so there is nothing to stop.
 */
export const createHandler = (engine: Engine, options: HandlerOptions): Handler => {
  checkOptions(options);
  const app = createApp(engine, options);
  return async (request) => {
    const startedAt = performance.now();
    const requestState: RequestState = { requestId: newRequestId(), caller: null, route: null, rateLimitHeaders: {} };
    const response = await app.fetch(request, { requestState });
    // Hono responds to preflight requests itself, without the header.
    if (request.method === "OPTIONS") response.headers.set("X-Request-Id", requestState.requestId);
    const entry: AccessLogEntry = {
      requestId: requestState.requestId,
      method: request.method,
      route: requestState.route,
      status: response.status,
      milliseconds: Math.round((performance.now() - startedAt) * 1000) / 1000,
      caller: requestState.caller?.type ?? null,
    };
    ignoreErrors(() => options.onResponse?.(entry));
    return response;
  };
};
