import { type ApiError, HttpError } from "../api-errors.ts";
import type { EndpointResponse } from "../endpoint.ts";
import { apiError, type PayloadTooLarge, payloadTooLarge } from "../wire/errors.ts";

// Responses. All headers are set at once, because some servers are slow otherwise.

type HeaderTable = Readonly<Record<string, string>>;

/** No proxy may keep a response, because it may have codes in it. */
const responseHeaders = (
  type: string | null,
  requestId: string,
  extraHeaders: HeaderTable = {},
): Record<string, string> => ({
  ...(type !== null && { "Content-Type": type }),
  "Cache-Control": "no-store",
  "X-Request-Id": requestId,
  ...extraHeaders,
});

const JSON_TYPE = "application/json; charset=utf-8";

export const errorResponse = (error: ApiError, requestId: string): Response =>
  new Response(JSON.stringify(apiError.encode({ error, requestId })), {
    status: error.status,
    headers: responseHeaders(JSON_TYPE, requestId, error.headers),
  });

export const successResponse = (
  { status, body }: EndpointResponse,
  requestId: string,
  extraHeaders: HeaderTable,
): Response => {
  if (body === undefined)
    return new Response(null, { status, headers: responseHeaders(null, requestId, extraHeaders) });
  const isStream = body instanceof ReadableStream;
  const headers = responseHeaders(isStream ? "text/csv; charset=utf-8" : JSON_TYPE, requestId, extraHeaders);
  return new Response(isStream ? body : JSON.stringify(body), { status, headers });
};

export const payloadTooLargeResponse = (max: number, requestId: string): Response => {
  const message = `Payload content length greater than maximum allowed: ${max}`;
  const body: PayloadTooLarge = { statusCode: 413, error: "Request Entity Too Large", message };
  return new Response(JSON.stringify(payloadTooLarge.encode(body)), {
    status: 413,
    headers: responseHeaders(JSON_TYPE, requestId),
  });
};

const ACCEPTED_TYPES = /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json)|text\/(?:\*|csv))\s*(?:;|,|$)/i;

export const checkAccept = ({ headers }: Request): void => {
  const accept = headers.get("Accept");
  if (accept === null || accept === "" || ACCEPTED_TYPES.test(accept)) return;
  const details = "Answers are application/json: accept it";
  throw new HttpError({ status: 406, key: "not_acceptable", message: "Not acceptable", details });
};
