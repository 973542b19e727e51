import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import type { ProgressOptions } from "../api/progress.ts";
import type { InputError } from "../errors.ts";
import { absentOr, isObject, refined, struct } from "./codecs.ts";
import { decode } from "./decode.ts";

/** Checks the shape, because a signal may come from another realm or from a polyfill. */
const signal: t.Type<AbortSignal> = refined(
  "an AbortSignal",
  (value): value is AbortSignal =>
    isObject(value) &&
    typeof Reflect.get(value, "aborted") === "boolean" &&
    typeof Reflect.get(value, "addEventListener") === "function",
);

const onProgress: t.Type<NonNullable<ProgressOptions["onProgress"]>> = refined(
  "a function",
  (value): value is NonNullable<ProgressOptions["onProgress"]> => typeof value === "function",
);

const progressOptions: t.Type<ProgressOptions> = struct(
  "an object with onProgress or signal",
  {},
  { onProgress: absentOr(onProgress), signal: absentOr(signal) },
);

/** Errors name the argument: `options.signal`. */
export const decodeProgressOptions = (input: unknown): E.Either<InputError, ProgressOptions> =>
  input === undefined ? E.right({}) : decode(progressOptions, { path: "options" })(input);
