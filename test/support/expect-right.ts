import * as E from "fp-ts/lib/Either.js";
import { expect } from "vitest";

/** The decoded value. Fails the test if the input was refused. */
export const expectRight = <A>(decoded: E.Either<{ readonly path?: string; readonly message: string }, A>): A =>
  E.isRight(decoded) ? decoded.right : expect.fail(`${decoded.left.path}: ${decoded.left.message}`);
