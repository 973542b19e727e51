import { Refusal } from "../failures.ts";
import type { Caller, HandlerOptions, RateLimit } from "../options.ts";

export const LIMIT_HEADERS: readonly string[] = [
  "X-Rate-Limit-Limit",
  "X-Rate-Limit-Remaining",
  "X-Rate-Limit-Retry",
  "X-Rate-Limit-Type",
];

const headersOf = ({
  limit,
  remaining,
  retryAfter,
  type = "api_calls",
}: RateLimit): Readonly<Record<string, string>> => ({
  "X-Rate-Limit-Limit": String(limit),
  "X-Rate-Limit-Remaining": String(remaining),
  "X-Rate-Limit-Retry": String(retryAfter),
  "X-Rate-Limit-Type": type,
});

/** Asks the host how much the caller may still do. Gives the headers that say so, or throws a refusal. */
export const withinLimit = async (
  { rateLimit }: HandlerOptions,
  caller: Caller | null,
  request: Request,
): Promise<Readonly<Record<string, string>>> => {
  if (rateLimit === undefined || caller === null) return {};
  const limit = await rateLimit(caller, request);
  if (limit === null) return {};
  const headers = headersOf(limit);
  if (!limit.exceeded) return headers;
  throw new Refusal({
    status: 429,
    message: "Too many requests hit the API too quickly.",
    headers: { ...headers, "Retry-After": String(limit.retryAfter) },
  });
};
