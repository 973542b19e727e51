import { type Kysely, type QueryExecutor, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { Fault, NotConnected, type Verdict } from "./faults.ts";

/** A transaction of Kysely's, whatever tables it knows. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  getExecutor(): QueryExecutor;
}

export const isKyselys = (transaction: object): transaction is KyselyTransaction =>
  "isTransaction" in transaction && transaction.isTransaction === true;

/** Where statements run. */
export type Session = Kysely<Schema>;

/** How work reaches the database. Whatever fails is thrown as a `Fault`. */
export interface Database {
  /** Looks, and writes nothing. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** All that `work` writes is kept, or none of it. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for work that is one statement, and so needs no transaction of its own. */
  writeOnce<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Tidies up: leaves it if it fails, and does nothing in a transaction of the host's. */
  tidy(work: (session: Session) => Promise<unknown>): Promise<void>;
}

/** What a driver's error says about the statement that it answers. */
export type Judge = (thrown: unknown) => Verdict;

const orAgain = (verdict: Verdict): Verdict => (verdict === "unknown" ? "again" : verdict);

const judged = (judge: Judge, thrown: unknown): Fault => {
  if (thrown instanceof Fault) return thrown;
  if (!(thrown instanceof NotConnected)) return new Fault(judge(thrown), thrown);
  // Nothing was sent, so what would be unknown otherwise is only to be tried again.
  return new Fault(orAgain(judge(thrown.cause)), thrown.cause);
};

/** A failure before anything could be committed: if the connection broke, the server undoes what was done on it. */
export const undone = (judge: Judge, thrown: unknown): Fault => {
  const { verdict, cause } = judged(judge, thrown);
  return new Fault(orAgain(verdict), cause);
};

/** That of our transactions; under a stricter one more of them might fail and have to be repeated. */
export const ISOLATION = "read committed";

/** Transactions of our own, on connections of a pool. `isIsolated`: whether each connection has our isolation already. */
export const ownTransactions = (session: Session, judge: Judge, isIsolated = false): Database => {
  const write = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const start = session.startTransaction();
    const begun = (isIsolated ? start : start.setIsolationLevel(ISOLATION)).execute();
    const transaction = await begun.catch((thrown) => {
      throw undone(judge, thrown);
    });
    let result: T;
    try {
      result = await work(transaction);
    } catch (thrown) {
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      throw undone(judge, thrown);
    }
    try {
      await transaction.commit().execute();
    } catch (thrown) {
      // It gives the connection back. After a commit that failed there is nothing to undo.
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      // Only what is known to have undone a commit denies it.
      const fault = judged(judge, thrown);
      throw fault.verdict === "refused" ? new Fault("unknown", fault.cause) : fault;
    }
    return result;
  };
  return {
    write,
    read: async (work) => {
      try {
        return await work(session);
      } catch (thrown) {
        throw undone(judge, thrown);
      }
    },
    writeOnce: async (work) => {
      try {
        return await work(session);
      } catch (thrown) {
        throw judged(judge, thrown);
      }
    },
    tidy: async (work) => {
      await write(work).catch(() => undefined);
    },
  };
};

/** One thing after another, because savepoints of one transaction must not interleave. */
class Line {
  #last: Promise<unknown> = Promise.resolve();

  next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** What a dialect says about failures. */
export interface HostRules {
  readonly judge: Judge;
  /** Whether a transaction whose snapshot is fixed can never get past this failure. */
  readonly isFixed: (thrown: unknown) => boolean;
}

/** A transaction of the host's that we take part in. */
export interface Joined {
  readonly session: Session;
  readonly line: Line;
}

/** The same for a transaction each time it is asked for, so that all that goes on in it stands in one line. */
export const joining = <T extends object>(sessionIn: (transaction: T) => Session): ((transaction: T) => Joined) => {
  const all = new WeakMap<T, Joined>();
  return (transaction) => {
    const joined = all.get(transaction) ?? { session: sessionIn(transaction), line: new Line() };
    all.set(transaction, joined);
    return joined;
  };
};

/** The same in a transaction of the host's, in milliseconds: what does not pass soon there never does, if its snapshot is fixed. */
export const HOST_PATIENCE = 500;

/** Savepoints in a transaction of the host's, who decides what becomes of it. */
export const hostTransaction = ({ session, line }: Joined, { judge, isFixed }: HostRules): Database => {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(session);

  const begin = async (): Promise<void> => {
    try {
      // Some servers take a savepoint where no transaction is open, but have forgotten it by the next statement. What
      // came then would be outside of any transaction, and so be kept at once.
      await run("savepoint oncecode");
      await run("release savepoint oncecode");
      await run("savepoint oncecode");
    } catch (thrown) {
      throw new Fault("refused", thrown);
    }
  };

  /** Whether the transaction is still there. Some failures end it whole, and then there is nothing to go back to. */
  const undo = async (): Promise<boolean> => {
    try {
      await run("rollback to savepoint oncecode");
      await run("release savepoint oncecode");
      return true;
    } catch {
      return false;
    }
  };

  /** Until the host commits nothing is kept, so that whatever fails has written nothing. */
  const failed = (thrown: unknown, isThere: boolean): Fault => {
    const fault = thrown instanceof Fault ? thrown : new Fault(isFixed(thrown) ? "refused" : judge(thrown), thrown);
    return new Fault(isThere && fault.verdict === "again" ? "again" : "refused", fault.cause);
  };

  const inside = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    line.next(async () => {
      await begin();
      try {
        const result = await work(session);
        await run("release savepoint oncecode");
        return result;
      } catch (thrown) {
        throw failed(thrown, await undo());
      }
    });

  return { read: inside, write: inside, writeOnce: inside, tidy: async () => {} };
};
