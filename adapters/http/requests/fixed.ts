import { badRequest, Refusal } from "../failures.ts";
import { isRecord } from "../wire/shape.ts";

/** Whether all that is given is so already. What is absent or null says nothing. */
const holds = (given: unknown, current: unknown): boolean => {
  if (given === undefined || given === null || given === current) return true;
  if (!isRecord(given) || !isRecord(current)) return false;
  return Object.entries(given).every(([key, value]) => holds(value, Object.hasOwn(current, key) ? current[key] : null));
};

/**
 * Refuses a change to what cannot be changed, rather than to ignore it. A record that was fetched and is posted back whole
 * passes. Both are as on the wire; a field may lie inside another, as in `voucher.discount`.
 */
export const refuseFixed = (key: string, body: unknown, current: object, fields: readonly string[]): void => {
  const valueAt = (root: unknown, path: string): unknown =>
    path
      .split(".")
      .reduce(
        (value: unknown, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
        root,
      );
  const changed = fields.find((field) => !holds(valueAt(body, field), valueAt(current, field)));
  if (changed !== undefined)
    throw new Refusal(badRequest(key, `Property .${changed} must be absent or as it is: it cannot be changed`));
};

/** When in the week or the day a code may be redeemed. */
export const VALIDITY: readonly string[] = ["validity_timeframe", "validity_day_of_week", "validity_hours"];

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);

/** Refuses restrictions that nobody here would see to: to drop them would give out codes that are worth more than was meant. */
export const refuseRestrictions = (body: unknown, fields: readonly string[]): void => {
  const asked = isRecord(body)
    ? fields.find((field) => Object.hasOwn(body, field) && !isNothing(body[field]))
    : undefined;
  if (asked !== undefined)
    throw new Refusal(badRequest("invalid_payload", `Property .${asked} must be absent: it is not supported here`));
};
