import type { Repository } from "oncecode";
import { afterEach, beforeEach } from "vitest";

export interface Shelf {
  readonly repository: Repository;
}

/** Tables on one server, which one test after another uses. */
export interface Shelving<S extends Shelf> {
  /** Empty ones, apart from all others that are in use. Given back when the test is over. */
  open(): Promise<S>;
  /** For who opens many in one test, one after another. */
  giveBack(shelf: S): void;
}

/** Fewer connections than a host would have, for all test files at once must fit in one server. */
export const CONNECTIONS = 8;

/** Without the prefix that they have, and in an order in which they can be emptied. */
export const TABLES: readonly string[] = [
  "attempts",
  "keys",
  "claims",
  "publications",
  "vouchers",
  "campaigns",
  "customers",
];

/** The test servers do not wait for their disks, which the repository would refuse. */
export const trusting = { onUnsafe: () => undefined } as const;

let named = 0;

/** A name that no other tables on a server of these tests have. */
export const newName = (): string => `s${process.pid}_${named++}`;

/** Who opens more in one test than this has done with the first. */
const AT_ONCE = 12;

export const shelving = <S extends Shelf>(
  make: () => Promise<S>,
  empty: (shelf: S) => Promise<unknown>,
): Shelving<S> => {
  const free: S[] = [];
  let taken: S[] = [];

  // What was opened before all tests of a group is theirs until the end.
  beforeEach(() => {
    taken = [];
  });
  afterEach(() => {
    free.push(...taken.splice(0));
  });

  return {
    open: async () => {
      const used = free.pop() ?? (taken.length < AT_ONCE ? undefined : taken.shift());
      if (used !== undefined) await empty(used);
      const shelf = used ?? (await make());
      taken.push(shelf);
      return shelf;
    },
    giveBack: (shelf) => {
      taken = taken.filter((other) => other !== shelf);
      free.push(shelf);
    },
  };
};
