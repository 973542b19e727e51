import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import { CODE_MAX, type CodeConfigRequest, codeConfigOf } from "../domain/codes.ts";
import type { CodeConfig } from "../domain/model.ts";
import { fieldPath } from "../domain/paths.ts";
import { type InputError, inputError } from "../errors.ts";
import { absentOr, struct } from "./codecs.ts";
import { whole } from "./numbers.ts";
import { text } from "./text.ts";

/** A longer charset has no use and only costs memory. */
const CHARSET_MAX = 10_000;

/** Checks the types and the lengths of the fields. `toCodeConfig` checks the characters. */
export const codeConfigRequest: t.Type<CodeConfigRequest> = struct(
  "an object with length, charset, prefix, postfix or pattern",
  {},
  {
    length: absentOr(whole(1, CODE_MAX)),
    charset: absentOr(text(1, CHARSET_MAX)),
    prefix: absentOr(text(0, CODE_MAX)),
    postfix: absentOr(text(0, CODE_MAX)),
    pattern: absentOr(text(1, CODE_MAX)),
  },
);

const INVISIBLE = /[\s\p{Cc}]/u;
const VISIBLE_EXPECTED = "without space and control characters";

/** Generated codes follow the rule for the host's own codes: no character that a customer cannot see or type. */
const findProblem = ({ charset, prefix, pattern, postfix }: CodeConfig): readonly [string, string] | null => {
  if (INVISIBLE.test(charset)) return ["charset", `characters ${VISIBLE_EXPECTED}`];
  if (/\p{Cc}/u.test(prefix)) return ["prefix", "without control characters"];
  if (/\p{Cc}/u.test(pattern)) return ["pattern", "without control characters"];
  if (/\p{Cc}/u.test(postfix)) return ["postfix", "without control characters"];
  const whole = prefix + pattern + postfix;
  if (whole.trimStart() !== whole) return [prefix === "" ? "pattern" : "prefix", "without space at its start"];
  if (whole.trimEnd() !== whole) return [postfix === "" ? "pattern" : "postfix", "without space at its end"];
  return null;
};

export const toCodeConfig = (request: CodeConfigRequest, path: string): E.Either<InputError, CodeConfig> =>
  E.flatMap((config: CodeConfig): E.Either<InputError, CodeConfig> => {
    const problem = findProblem(config);
    if (problem === null) return E.right(config);
    const [field, expected] = problem;
    return E.left(inputError("invalid_code_config", fieldPath(path, field), expected));
  })(codeConfigOf(request, path));

/** A present field replaces the current one. A new length makes a new pattern. */
export const changeCodeConfig = (
  current: CodeConfig,
  request: CodeConfigRequest,
  path: string,
): E.Either<InputError, CodeConfig> => {
  const { charset, prefix, postfix, pattern } = current;
  const currentFields = { charset, prefix, postfix, ...(request.length === undefined ? { pattern } : {}) };
  return toCodeConfig({ ...currentFields, ...request }, path);
};
