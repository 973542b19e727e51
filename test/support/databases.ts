import type { Repository } from "oncecode";
import { afterEach, beforeEach } from "vitest";

export interface TestDatabase {
  readonly repository: Repository;
}

/** Tables on one server, which one test after another uses. */
export interface TestDatabases<S extends TestDatabase> {
  /** Empty ones, apart from all others that are in use. Given back when the test is over. */
  open(): Promise<S>;
  /** For who opens many in one test, one after another. */
  release(shelf: S): void;
}

/** Fewer connections than a host would have, for all test files at once must fit in one server. */
export const CONNECTIONS_MAX = 8;

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
export const ignoreUnsafeSettings = { onUnsafe: () => undefined } as const;

let nameCount = 0;

/** A name that no other tables on a server of these tests have. */
export const uniqueName = (): string => `s${process.pid}_${nameCount++}`;

/** Who opens more in one test than this has done with the first. */
const OPEN_MAX = 12;

export const reusableDatabases = <S extends TestDatabase>(
  create: () => Promise<S>,
  empty: (shelf: S) => Promise<unknown>,
): TestDatabases<S> => {
  const free: S[] = [];
  let inUse: S[] = [];

  // What was opened before all tests of a group is theirs until the end.
  beforeEach(() => {
    inUse = [];
  });
  afterEach(() => {
    free.push(...inUse.splice(0));
  });

  return {
    open: async () => {
      const used = free.pop() ?? (inUse.length < OPEN_MAX ? undefined : inUse.shift());
      if (used !== undefined) await empty(used);
      const shelf = used ?? (await create());
      inUse.push(shelf);
      return shelf;
    },
    release: (shelf) => {
      inUse = inUse.filter((other) => other !== shelf);
      free.push(shelf);
    },
  };
};
