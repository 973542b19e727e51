import { badRequest, Refusal } from "../failures.ts";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether all that is given is so already. What is absent or null says nothing. */
const holds = (given: unknown, current: unknown): boolean => {
  if (given === undefined || given === null || given === current) return true;
  if (!isObject(given) || !isObject(current)) return false;
  return Object.entries(given).every(([key, value]) =>
    holds(value, Object.hasOwn(current, key) ? Reflect.get(current, key) : null),
  );
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
        (value: unknown, name) =>
          isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
        root,
      );
  const changed = fields.find((field) => !holds(valueAt(body, field), valueAt(current, field)));
  if (changed !== undefined)
    throw new Refusal(badRequest(key, `Property .${changed} must be absent or as it is: it cannot be changed`));
};
