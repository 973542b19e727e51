import * as E from "fp-ts/lib/Either.js";
import { expect } from "vitest";

/** What was decoded; fails the test if it was refused. */
export const expectRight = <A>(decoded: E.Either<{ readonly path?: string; readonly message: string }, A>): A =>
  E.isRight(decoded) ? decoded.right : expect.fail(`${decoded.left.path}: ${decoded.left.message}`);
