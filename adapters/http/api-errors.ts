import { type EngineError, isOncecodeError } from "oncecode";
import { wirePath } from "./wire/names.ts";

// Errors of the API (contract 1.11 and 4). The engine decides what is wrong; this file translates its errors.

/** The error in a response, without the id of the request. */
export interface ApiError {
  readonly status: number;
  readonly key?: string;
  readonly message: string;
  readonly details?: string;
  readonly resourceId?: string;
  readonly resourceType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with an error. It is thrown only inside a handler, which catches it. */
export class HttpError extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** `page_over_limit` becomes "Page over limit". For one key, the contract has another title. */
const titleOf = (key: string): string =>
  key === "duplicate_source_id"
    ? "Duplicate source_id"
    : key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

/** The caller has to change the request. */
export const badRequest = (key: string, details: string): ApiError => ({
  status: 400,
  key,
  message: titleOf(key),
  details,
});

/** The caller has to change a parameter of the query. */
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

/** Replaces the engine's names of properties in an error message by the names of the API. */
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

const OUTCOME_UNKNOWN_DETAILS =
  "The change may have happened or not: check before you try again. A publication with a source_id can be repeated at any time";

/** A call that creates many vouchers may have created some of them before it failed. */
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

/** Translates an error of the engine. It leaves out the store's own message, which only the host's log gets. */
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

/** If the API has another path for a property than the engine, the error names the path of the API. */
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

/** Null instead of the error `not_found`. */
export const nullIfNotFound = async <A>(result: Promise<A>): Promise<A | null> => {
  try {
    return await result;
  } catch (error) {
    if (isOncecodeError(error) && error.code === "not_found") return null;
    throw error;
  }
};

/** The error for the caller; null if the failure is a bug. */
export const toApiError = (failure: unknown): ApiError | null => {
  if (failure instanceof HttpError) return failure.error;
  return isOncecodeError(failure) ? engineErrorToApiError(failure) : null;
};
