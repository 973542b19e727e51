import * as E from "fp-ts/lib/Either.js";
import { type InputError, inputError } from "../errors.ts";
import type { Code, CodeConfig } from "./model.ts";

// Each code has an index. A random index gives a random code. All indexes in turn give every free code, even if nearly all
// codes are taken.

const ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LENGTH_DEFAULT = 8;
/** The largest length of a code in characters, with prefix and postfix. */
export const CODE_MAX = 255;
const PLACEHOLDER = "#";

/** The code config of a host, before defaults. `CodeConfig` explains the fields. */
export interface CodeConfigRequest {
  readonly length?: number;
  readonly charset?: string;
  readonly prefix?: string;
  readonly postfix?: string;
  readonly pattern?: string;
}

const countPlaceholders = (pattern: string): number => pattern.split(PLACEHOLDER).length - 1;

/** A character that occurs twice in the charset would be drawn twice as often. We keep it once. */
const distinctCharacters = (charset: string): readonly string[] => [...new Set(charset)];

/** Fills in the defaults. `pattern` overrides `length` (contract 5): `length` is then the number of `#` in the pattern. */
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

/** `codeConfigOf` has removed repeated characters. To remove them here again would double the time per code. */
const charactersOf = ({ charset }: CodeConfig): readonly string[] => [...charset];

/** Up to this value a `number` is exact. Its division is about ten times faster than that of a bigint. */
const NUMBER_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** All codes of a config, each with its own index. */
export interface CodeSpace {
  /** The indexes go from 0 to `size - 1`. */
  readonly size: bigint;
  readonly codeAt: (index: bigint) => Code;
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
  return { size, codeAt: size <= NUMBER_MAX ? (index) => encodeNumber(Number(index)) : encodeBigint };
};

/** The number of different codes. It is a bigint, since 62^12 is more than `Number.MAX_SAFE_INTEGER`. */
export const capacity = (config: CodeConfig): bigint => codeSpace(config).size;

/** A blind guess must hit an existing code at most once in 2^40 tries. Source: OWASP's calculation for session ids. */
export const GUESS_BITS_MIN = 40;

/** log2 of the average number of guesses until one hits one of `existingCount` codes. */
export const guessBits = (config: CodeConfig, existingCount: number): number =>
  countPlaceholders(config.pattern) * Math.log2(charactersOf(config).length) - Math.log2(Math.max(1, existingCount));
