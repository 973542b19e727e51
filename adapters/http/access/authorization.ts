import { forbidden, HttpError, unauthorized } from "../api-errors.ts";
import type { AccessLevel } from "../endpoint.ts";
import type { Authenticate, Caller } from "../options.ts";

// Which caller may use which endpoint (contract 1.1).

export const isOriginAllowed = (origins: readonly string[], origin: string | null): boolean =>
  origins.includes("*") || (origin !== null && origins.includes(origin));

const refuse = (key: string, details: string): never => {
  throw new HttpError(forbidden(key, details));
};

const checkServer = (caller: Caller, access: AccessLevel): void => {
  if (caller.type !== "server") refuse("wrong_api_endpoint", "A client-side key may only use /client/v1");
  else if (access === "integration" && caller.integration !== true)
    refuse("integration_api_key_required", "This endpoint needs an integration key");
};

const checkClient = (caller: Caller, origin: string | null): void => {
  if (caller.type !== "client") refuse("wrong_api_endpoint", "A server-side key may only use /v1");
  else if (!isOriginAllowed(caller.origins, origin))
    refuse("forbidden", `The key may not be used from the origin ${origin ?? "of no web page"}`);
};

/** Authenticates the caller of a request. Throws a refusal if the caller may not use the endpoint. */
export const authorize = async (
  authenticate: Authenticate,
  access: AccessLevel,
  request: Request,
): Promise<Caller | null> => {
  if (access === "anyone") return null;
  const caller = await authenticate(request);
  if (!caller) throw new HttpError(unauthorized);
  if (access === "client") checkClient(caller, request.headers.get("Origin"));
  else checkServer(caller, access);
  return caller;
};
