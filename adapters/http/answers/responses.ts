import type { Answer } from "../endpoint.ts";
import { type ApiError, Refusal } from "../failures.ts";
import { apiError, type TooLarge, tooLarge } from "../wire/errors.ts";

/** How answers and errors go out. All headers are put on at once: some servers are fast only then. */

type HeaderTable = Readonly<Record<string, string>>;

/** Codes are for the one who asked, so nothing in between may keep them. */
const headersOf = (type: string | null, requestId: string, more: HeaderTable = {}): Record<string, string> => ({
  ...(type !== null && { "Content-Type": type }),
  "Cache-Control": "no-store",
  "X-Request-Id": requestId,
  ...more,
});

const JSON_TYPE = "application/json; charset=utf-8";

export const errorResponse = (error: ApiError, requestId: string): Response =>
  new Response(JSON.stringify(apiError.encode({ error, requestId })), {
    status: error.status,
    headers: headersOf(JSON_TYPE, requestId, error.headers),
  });

export const answerResponse = ({ status, body }: Answer, requestId: string, more: HeaderTable): Response => {
  if (body === undefined) return new Response(null, { status, headers: headersOf(null, requestId, more) });
  const isStream = body instanceof ReadableStream;
  const headers = headersOf(isStream ? "text/csv; charset=utf-8" : JSON_TYPE, requestId, more);
  return new Response(isStream ? body : JSON.stringify(body), { status, headers });
};

export const tooLargeResponse = (max: number, requestId: string): Response => {
  const message = `Payload content length greater than maximum allowed: ${max}`;
  const body: TooLarge = { statusCode: 413, error: "Request Entity Too Large", message };
  return new Response(JSON.stringify(tooLarge.encode(body)), { status: 413, headers: headersOf(JSON_TYPE, requestId) });
};

const ACCEPTED = /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json)|text\/(?:\*|csv))\s*(?:;|,|$)/i;

export const checkAccept = ({ headers }: Request): void => {
  const accept = headers.get("Accept");
  if (accept === null || accept === "" || ACCEPTED.test(accept)) return;
  const details = "Answers are application/json: accept it";
  throw new Refusal({ status: 406, key: "not_acceptable", message: "Not acceptable", details });
};
