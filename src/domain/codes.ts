import * as E from "fp-ts/lib/Either.js";
import { type InputError, inputError } from "../errors.ts";
import type { Code, CodeConfig } from "./model.ts";

/**
 * Codes as numbers: a random code is a random number, and every code of a nearly full space can be reached by counting.
 */

const ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LENGTH_DEFAULT = 8;
/** Longest code, in characters: with prefix and postfix. */
export const CODE_MAX = 255;
const PLACEHOLDER = "#";

/** What a host may say of its codes; see `CodeConfig` for what each means. */
export interface CodeConfigRequest {
  readonly length?: number;
  readonly charset?: string;
  readonly prefix?: string;
  readonly postfix?: string;
  readonly pattern?: string;
}

const countPlaceholders = (pattern: string): number => pattern.split(PLACEHOLDER).length - 1;

/** Repeated characters count once: a character that stood twice would be drawn twice as often. */
const distinctCharacters = (charset: string): readonly string[] => [...new Set(charset)];

/** Fills in the defaults. `pattern` overrides `length`, as in contract 5; `length` is then the number of its `#`. */
export const codeConfigOf = (request: CodeConfigRequest, path = "codeConfig"): E.Either<InputError, CodeConfig> => {
  const { prefix = "", postfix = "", charset = ALPHANUMERIC, length = LENGTH_DEFAULT } = request;
  const refuse = (field: string, expected: string): E.Either<InputError, CodeConfig> =>
    E.left(inputError("invalid_code_config", `${path}.${field}`, expected));

  if (distinctCharacters(charset).length === 0) return refuse("charset", "at least one character");
  if (request.pattern === undefined && !(Number.isInteger(length) && length >= 1 && length <= CODE_MAX))
    return refuse("length", `a whole number from 1 to ${CODE_MAX}`);
  const pattern = request.pattern ?? PLACEHOLDER.repeat(length);
  if (countPlaceholders(pattern) === 0)
    return refuse("pattern", "a text with at least one #, each of which becomes a random character");
  if ([...prefix, ...pattern, ...postfix].length > CODE_MAX)
    return refuse("pattern", `at most ${CODE_MAX} characters long, with prefix and postfix`);
  return E.right({
    length: countPlaceholders(pattern),
    charset: distinctCharacters(charset).join(""),
    prefix,
    postfix,
    pattern,
  });
};

/** Each is there once already, and to see to it again would take most of the time that it takes to make a code. */
const charactersOf = ({ charset }: CodeConfig): readonly string[] => [...charset];

/** Numbers below this are exact as `number`, whose division is some ten times faster than bigint's. */
const NUMBER_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** All the codes that a config describes, each by a number of its own. */
export interface CodeSpace {
  /** The numbers are those from 0 to `size - 1`. */
  readonly size: bigint;
  readonly at: (index: bigint) => Code;
}

export const codeSpace = (config: CodeConfig): CodeSpace => {
  const { pattern, prefix, postfix } = config;
  const characters = charactersOf(config);
  const [head = "", ...tail] = pattern.split(PLACEHOLDER);
  const base = BigInt(characters.length);
  const size = base ** BigInt(tail.length);

  const encode = <N>(index: N, digitOf: (rest: N) => number, next: (rest: N) => N): Code => {
    let [code, rest] = [prefix + head, index];
    for (const literal of tail) {
      code += (characters[digitOf(rest)] ?? "") + literal;
      rest = next(rest);
    }
    return (code + postfix) as Code;
  };
  const encodeNumber = (index: number): Code =>
    encode(
      index,
      (rest) => rest % characters.length,
      (rest) => Math.floor(rest / characters.length),
    );
  const encodeBigint = (index: bigint): Code =>
    encode(
      index,
      (rest) => Number(rest % base),
      (rest) => rest / base,
    );
  return { size, at: size <= NUMBER_MAX ? (index) => encodeNumber(Number(index)) : encodeBigint };
};

/** How many different codes there are. A bigint, since 62^12 is beyond the whole numbers. */
export const capacity = (config: CodeConfig): bigint => codeSpace(config).size;

/** How much easier than one blind guess in 2^40 it may be to hit one of so many live codes: OWASP's arithmetic. */
export const GUESS_BITS_MIN = 40;

/** log2 of the guesses it takes, on average, to hit one of `live` codes. */
export const guessBits = (config: CodeConfig, live: number): number =>
  countPlaceholders(config.pattern) * Math.log2(charactersOf(config).length) - Math.log2(Math.max(1, live));
