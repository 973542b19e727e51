import { badRequest, HttpError } from "../api-errors.ts";
import { isRecord } from "../wire/codecs.ts";

/** Whether all values of the input are the current ones. An absent value or null does not count. */
const isUnchanged = (input: unknown, current: unknown): boolean => {
  if (input === undefined || input === null || input === current) return true;
  if (!isRecord(input) || !isRecord(current)) return false;
  return Object.entries(input).every(([key, value]) =>
    isUnchanged(value, Object.hasOwn(current, key) ? current[key] : null),
  );
};

/**
 * Refuses a change of a field that cannot be changed. The same value is allowed, so that a caller can post a fetched record
 * back. Both records have the names of the API. A field may be nested, as in `voucher.discount`.
 */
export const refuseImmutableChanges = (
  key: string,
  body: unknown,
  current: object,
  fields: readonly string[],
): void => {
  const valueAt = (root: unknown, path: string): unknown =>
    path
      .split(".")
      .reduce(
        (value: unknown, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
        root,
      );
  const changedField = fields.find((field) => !isUnchanged(valueAt(body, field), valueAt(current, field)));
  if (changedField !== undefined)
    throw new HttpError(
      badRequest(key, `Property .${changedField} must be absent or equal to the current value: it cannot be changed`),
    );
};

/** The fields that limit a redemption to times of the day or the week. */
export const VALIDITY_FIELDS: readonly string[] = ["validity_timeframe", "validity_day_of_week", "validity_hours"];

const isUnset = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);

/** Refuses restrictions that this library does not enforce. If they were ignored, a code would be worth more than intended. */
export const refuseUnsupportedFields = (body: unknown, fields: readonly string[]): void => {
  const unsupportedField = isRecord(body)
    ? fields.find((field) => Object.hasOwn(body, field) && !isUnset(body[field]))
    : undefined;
  if (unsupportedField !== undefined)
    throw new HttpError(
      badRequest("invalid_payload", `Property .${unsupportedField} must be absent: it is not supported here`),
    );
};
