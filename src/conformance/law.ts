import type { Repository } from "../repository.ts";

/** One thing that every repository must hold to. Hand `run` to any test runner: it rejects when the law is broken. */
export interface Law {
  readonly name: string;
  /** What goes wrong for users when the law is broken. */
  readonly because: string;
  readonly run: () => Promise<void>;
}

/** Gives an empty repository, apart from every other, each time it is called. */
export type Open = () => Promise<Repository>;

/** How long a law may take before a test runner should give up on it, in milliseconds. */
export const LAW_TIMEOUT = 30_000;

export type Holds = (repository: Repository, open: Open) => Promise<void>;
export type Declare = (name: string, because: string, holds: Holds) => Law;
/** The laws of one subject. */
export type Laws = (law: Declare) => readonly Law[];

/** Each law gets a repository of its own, so laws may run in any order and at the same time. */
export const lawsOn =
  (open: Open): Declare =>
  (name, because, holds) => ({ name, because, run: async () => holds(await open(), open) });
