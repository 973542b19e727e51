import { HttpError } from "../api-errors.ts";
import type { Caller, HandlerOptions, RateLimit } from "../options.ts";

export const RATE_LIMIT_HEADERS: readonly string[] = [
  "X-Rate-Limit-Limit",
  "X-Rate-Limit-Remaining",
  "X-Rate-Limit-Retry",
  "X-Rate-Limit-Type",
];

const rateLimitHeaders = ({
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

/** Asks the host for the caller's rate limit. Returns its headers, or throws a refusal. */
export const checkRateLimit = async (
  { rateLimit }: HandlerOptions,
  caller: Caller | null,
  request: Request,
): Promise<Readonly<Record<string, string>>> => {
  if (rateLimit === undefined || caller === null) return {};
  const limit = await rateLimit(caller, request);
  if (limit === null) return {};
  const headers = rateLimitHeaders(limit);
  if (!limit.exceeded) return headers;
  throw new HttpError({
    status: 429,
    message: "Too many requests hit the API too quickly.",
    headers: { ...headers, "Retry-After": String(limit.retryAfter) },
  });
};
