import type * as E from "fp-ts/lib/Either.js";
import type { InputError } from "../errors.ts";
import { decode } from "./decode.ts";
import { shortText } from "./text.ts";

/** Decodes a reference to a record: its id, or its name, code or source id. */
export const decodeNameOrId = (path: string): ((input: unknown) => E.Either<InputError, string>) =>
  decode(shortText, { path });
