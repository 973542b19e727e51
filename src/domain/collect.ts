import * as E from "fp-ts/lib/Either.js";

/** Each element turned into something else, or the first error: what comes after it is not looked at. */
export const collect = <A, X, B>(
  elements: readonly A[],
  turn: (element: A, index: number) => E.Either<X, B>,
): E.Either<X, readonly B[]> => {
  const turned: B[] = [];
  // By index, so that holes are seen.
  for (const [index, element] of elements.entries()) {
    const result = turn(element, index);
    if (E.isLeft(result)) return result;
    turned.push(result.right);
  }
  return E.right(turned);
};
