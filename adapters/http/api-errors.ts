import { type EngineError, isOncecodeError } from "oncecode";
import { wirePath } from "./wire/names.ts";

/** Errors as the contract writes them (1.11 and 4): a rendering of the engine's, which decide what is wrong. */

/** What a caller gets instead of an answer. `status` goes with it, and the request's id. */
export interface ApiError {
  readonly status: number;
  readonly key?: string;
  readonly message: string;
  readonly details?: string;
  readonly resourceId?: string;
  readonly resourceType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown inside of a handler, and only there: the one way out of any depth of a call. */
export class HttpError extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** `page_over_limit` is "Page over limit"; one of them the contract has in another way. */
const titleOf = (key: string): string =>
  key === "duplicate_source_id"
    ? "Duplicate source_id"
    : key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

/** A request that its sender has to change. */
export const badRequest = (key: string, details: string): ApiError => ({
  status: 400,
  key,
  message: titleOf(key),
  details,
});

/** A parameter of the query that its sender has to change. */
export const invalidParameter = (parameter: string, expected: string): HttpError =>
  new HttpError(badRequest("invalid_query_params", `Property .${parameter} must be ${expected}`));

export const unauthorized: ApiError = { status: 401, key: "unauthorized", message: "Unauthorized" };
export const forbidden = (key: string, details: string): ApiError => ({
  status: 403,
  key,
  message: "Forbidden",
  details,
});

export const methodNotAllowed = (method: string, allowed: readonly string[]): ApiError => ({
  status: 405,
  key: "method_not_allowed",
  message: "Method not allowed",
  details: `${method} is not for this path: ${allowed.join(", ")}`,
  headers: { Allow: allowed.join(", ") },
});

export const notFound = (details: string, resource?: { readonly id: string; readonly type: string }): ApiError => ({
  status: 404,
  key: "not_found",
  message: "Resource not found",
  details,
  ...(resource !== undefined && { resourceId: resource.id, resourceType: resource.type }),
});

/** What the engine's errors mention of its properties, by the names that these have on the wire. */
const inWireNames = (text: string): string => text.replace(/\b(?:sourceId|loyaltyCard|codeConfig)\b/g, wirePath);

type InputError = Extract<EngineError, { readonly expected: string }>;

const inputDetails = ({ code, path, expected }: InputError): string => {
  switch (code) {
    case "missing_vouchers":
      return "Either Campaign or Voucher is required";
    case "page_over_limit":
      return "Property .page cannot be higher than 1000";
    default:
      return path === ""
        ? `Payload must be ${inWireNames(expected)}`
        : `Property .${wirePath(path)} must be ${inWireNames(expected)}`;
  }
};

/** What became of a request whose outcome nobody knows, and what to do about it. */
const OUTCOME_UNKNOWN_DETAILS =
  "It may have happened or not: look before trying again. A publication with a source_id may be asked for again at any time";

/** Of many vouchers that were to be made, some may have been. */
const withDoneCount = (api: ApiError, error: EngineError): ApiError => {
  const done = "done" in error ? (error.done ?? 0) : 0;
  if (done === 0) return api;
  const doneText = `${done} had been done before, and stay: ask for no more than the rest`;
  const { headers: _, ...others } = api;
  return {
    ...others,
    details: error.code === "storage_failed" ? doneText : `${api.details ?? api.message} (${doneText})`,
  };
};

/** The engine's error as an answer. The store's own words stay behind: they are for the host's log. */
export const engineErrorToApiError = (error: EngineError): ApiError => withDoneCount(apiErrorByCode(error), error);

const apiErrorByCode = (error: EngineError): ApiError => {
  switch (error.code) {
    case "not_found":
      return notFound(error.message, { id: error.id, type: error.resource });
    case "duplicate_found": {
      const by = error.resource === "campaign" ? "name" : "id";
      return {
        status: 409,
        key: error.code,
        message: "Duplicate found",
        details: `Duplicated ${error.resource} exists with ${by} ${error.id}`,
        resourceId: error.id,
        resourceType: error.resource,
      };
    }
    case "duplicate_source_id":
    case "voucher_cannot_be_published":
    case "too_many_vouchers_requested":
    case "voucher_already_published":
      return badRequest(error.code, error.message);
    case "no_voucher_suitable_for_publication":
      return { status: 400, key: error.code, message: error.message, details: error.details };
    case "storage_failed":
      return {
        status: 503,
        key: error.code,
        message: "Storage failed",
        details: "Nothing was changed: try again later",
        headers: { "Retry-After": "1" },
      };
    case "outcome_unknown":
      return {
        status: 504,
        key: error.code,
        message: "Outcome unknown",
        details: OUTCOME_UNKNOWN_DETAILS,
        ...(error.publicationId !== null && { resourceId: error.publicationId, resourceType: "publication" }),
      };
    case "aborted":
      return { status: 503, key: error.code, message: "Aborted", details: error.message };
    default:
      return badRequest(error.code, inputDetails(error));
  }
};

/** Where the engine has another place for a property than the wire: the caller is told of the one that they know. */
export const withWirePaths = async <A>(result: Promise<A>, wirePaths: Readonly<Record<string, string>>): Promise<A> => {
  try {
    return await result;
  } catch (error) {
    if (!isOncecodeError(error) || !("expected" in error)) throw error;
    const property = Object.keys(wirePaths).find((name) => error.path === name || error.path.startsWith(`${name}.`));
    if (property === undefined) throw error;
    const path = (wirePaths[property] ?? "") + wirePath(error.path.slice(property.length));
    throw new HttpError(badRequest(error.code, `Property .${path} must be ${inWireNames(error.expected)}`));
  }
};

/** Null for what is not there. */
export const nullIfNotFound = async <A>(result: Promise<A>): Promise<A | null> => {
  try {
    return await result;
  } catch (error) {
    if (isOncecodeError(error) && error.code === "not_found") return null;
    throw error;
  }
};

/** What to answer where a call has failed; null where the failure is a bug. */
export const toApiError = (failure: unknown): ApiError | null => {
  if (failure instanceof HttpError) return failure.error;
  return isOncecodeError(failure) ? engineErrorToApiError(failure) : null;
};
