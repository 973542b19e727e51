import type * as E from "fp-ts/lib/Either.js";
import { INSTANT_LAST } from "../domain/instants.ts";
import { LIMITS } from "../domain/limits.ts";
import type { InputError } from "../errors.ts";
import { refined, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { metadataSchemas } from "./metadata-schemas.ts";
import { whole } from "./numbers.ts";
import { flag, oneOf } from "./text.ts";

const isFunction = (value: unknown): value is (...args: never) => unknown => typeof value === "function";
const functionCodec = refined("a function", isFunction);
const atLeastOne = whole(1);

const PORT = "a repository, as memoryRepository() or an adapter's";
const repository = struct(
  PORT,
  {
    settle: functionCodec,
    record: functionCodec,
    add: functionCodec,
    find: functionCodec,
    put: functionCodec,
    remove: functionCodec,
    page: functionCodec,
    count: functionCodec,
    batchMax: atLeastOne,
    lanes: atLeastOne,
  },
  {},
);

const isTime = (value: unknown): boolean =>
  value instanceof Date && value.getTime() >= 0 && value.getTime() <= Date.parse(INSTANT_LAST);
const clock = refined(
  "a function that gives the time, as a Date from 1970 to 9999",
  (value): value is () => Date => isFunction(value) && isTime(Reflect.apply(value, undefined, [])),
);

const options = struct(
  "an object with a repository",
  { repository },
  {
    publicationMax: whole(1, LIMITS.publicationMax),
    sourceIdMode: oneOf(["replay", "reject"]),
    recordFailures: flag,
    extendBy: whole(0, LIMITS.publicationMax),
    metadataSchemas,
    onWarning: functionCodec,
    refuseGuessable: flag,
    clock,
    randomBytes: functionCodec,
    nextId: functionCodec,
    gather: functionCodec,
    lanes: atLeastOne,
    batchMax: atLeastOne,
  },
);

/** Checks the engine's options. The engine uses the original object: a decoded copy would lose methods of the repository. */
export const decodeOptions: (input: unknown) => E.Either<InputError, unknown> = decode(options);
