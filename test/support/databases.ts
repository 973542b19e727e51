import type { Repository } from "oncecode";
import { onTestFinished } from "vitest";
import { atEndOfFile, isInTest } from "./at-end.ts";

export interface TestDatabase {
  readonly repository: Repository;
}

/** Databases on one server that are reused from test to test. */
export interface TestDatabases<S extends TestDatabase> {
  /** An empty database that nothing else uses. It is released at the end of the test, or of the test file if a
   * `beforeAll` hook opens it. */
  open(): Promise<S>;
  /** Releases a database before the end of the test, for tests that open many. */
  release(database: S): void;
}

/** Fewer connections than a host would open, because all test files share the connections of one server. */
export const CONNECTIONS_MAX = 8;

/** The names of all tables without their prefix, in an order in which they can be emptied. */
export const TABLES: readonly string[] = [
  "failures",
  "keys",
  "claims",
  "publications",
  "vouchers",
  "campaigns",
  "customers",
];

/** The test servers do not wait for their disks. Without this option the repository refuses such a server. */
export const ignoreUnsafeSettings = { onUnsafe: () => undefined } as const;

let nameCount = 0;

/** A name that no other test on the server uses, in any process. */
export const uniqueName = (): string => `s${process.pid}_${nameCount++}`;

/** A test that opens more databases than this no longer uses the first one, so the first one is reused. */
const OPEN_MAX = 12;

export const reusableDatabases = <S extends TestDatabase>(
  create: () => Promise<S>,
  empty: (database: S) => Promise<unknown>,
): TestDatabases<S> => {
  const free: S[] = [];
  /** By the running test, the oldest first. */
  const inUse = new Set<S>();
  const release = (database: S): void => {
    if (inUse.delete(database)) free.push(database);
  };

  return {
    open: async () => {
      const [oldest] = inUse;
      const used = free.pop() ?? (inUse.size < OPEN_MAX ? undefined : oldest);
      if (used !== undefined) await empty(used);
      const database = used ?? (await create());
      if (isInTest()) {
        inUse.delete(database);
        inUse.add(database);
        onTestFinished(() => release(database));
      } else atEndOfFile(() => free.push(database));
      return database;
    },
    release,
  };
};
