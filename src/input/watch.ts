import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import type { InputError } from "../errors.ts";
import type { Watch } from "../face.ts";
import { decode } from "./report.ts";
import { absentOr, accepted, isObject, struct } from "./shape.ts";

/** By shape, since a signal may come from another realm or a polyfill. */
const signal: t.Type<AbortSignal> = accepted(
  "an AbortSignal",
  (value): value is AbortSignal =>
    isObject(value) &&
    typeof Reflect.get(value, "aborted") === "boolean" &&
    typeof Reflect.get(value, "addEventListener") === "function",
);

const onProgress: t.Type<NonNullable<Watch["onProgress"]>> = accepted(
  "a function",
  (value): value is NonNullable<Watch["onProgress"]> => typeof value === "function",
);

const watch: t.Type<Watch> = struct(
  "an object with onProgress or signal",
  {},
  { onProgress: absentOr(onProgress), signal: absentOr(signal) },
);

/** `path` names the argument where the input proper is another. */
export const decodeWatch = (input: unknown, path = "watch"): E.Either<InputError, Watch> =>
  input === undefined ? E.right({}) : decode(watch, { path })(input);
