import qs from "qs";
import { badRequest, HttpError, invalidParameter } from "../api-errors.ts";
import type { UnknownRecord } from "../wire/codecs.ts";

/** The limits of a query string. The engine has lower limits for filters. */
const BYTES_MAX = 64 * 1024;
const PARAMETERS_MAX = 1100;
const LIST_MAX = 1000;
/** `filters[attribute][conditions][operator][index]`. */
const DEPTH_MAX = 4;

const queryTooLarge = (limitText: string): HttpError =>
  new HttpError(badRequest("query_too_large", `Query must have ${limitText}`));

export const queryStringOf = ({ url }: Request): string => {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
};

/** Parses a query string. Brackets, plain or percent-encoded, become nested objects without a prototype. */
export const parseQuery = (search: string): UnknownRecord => {
  if (search === "") return {};
  if (search.length > BYTES_MAX) throw queryTooLarge(`at most ${BYTES_MAX} bytes`);
  try {
    return qs.parse(search, {
      plainObjects: true,
      depth: DEPTH_MAX,
      strictDepth: true,
      parameterLimit: PARAMETERS_MAX,
      arrayLimit: LIST_MAX,
      throwOnLimitExceeded: true,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw queryTooLarge(
      `at most ${PARAMETERS_MAX} parameters, lists of at most ${LIST_MAX}, and brackets at most ${DEPTH_MAX} deep`,
    );
  }
};

/** Checks a parameter that is a number from 1 to `max`. */
export const wholeNumberFrom = (parameter: string, value: unknown, max: number): number => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  throw invalidParameter(parameter, `a whole number from 1 to ${max}`);
};
