import type { Kysely } from "kysely";
import type { UnsafeSetting } from "./safety.ts";

/** What a host may choose for any server. */
export interface ServerSettings {
  /** Whether to create or update the tables at once; true unless given. Otherwise they must be there. */
  readonly migrate?: boolean;
  /** Milliseconds to go on trying what may pass: a server that starts, too many connections, a deadlock. 10,000 unless given. */
  readonly patience?: number;
  /**
   * Milliseconds to wait for a connection, and for the answer to one statement; however long they take, unless given. After
   * that the connection is closed, and what the statement has done is looked up. Must be longer than a statement may rightly
   * take. It is not for opening and migrating, nor for transactions of the host's; a `dialect` of Kysely's keeps its own time.
   */
  readonly timeout?: number;
  /** Called for each setting of the server that breaks a promise, which is refused otherwise. */
  readonly onUnsafe?: (unsafe: UnsafeSetting) => void;
}

export const PATIENCE = 10_000;

/** How long to wait, in milliseconds. */
export interface Waiting {
  /** For what may pass. */
  readonly patience: number;
  /** For a new connection of our own: a moment also for who does not want to try again. */
  readonly connecting: number;
  /** For the answer to one statement, if there is a limit to that. */
  readonly timeout: number | null;
}

const CONNECTING_MIN = 1000;

export const waitingOf = ({ patience = PATIENCE, timeout }: Pick<ServerSettings, "patience" | "timeout">): Waiting => ({
  patience,
  connecting: Math.max(patience, CONNECTING_MIN),
  timeout: timeout ?? null,
});

/** Connections at most, for a pool of our own. */
export const CONNECTIONS = 10;

/** A way to a server, to be closed in the end; that of the host is then left as it is. */
export interface Access {
  /** For opening, which may take as long as it does. */
  readonly opening: Kysely<unknown>;
  /** For all that comes after it. */
  readonly db: Kysely<unknown>;
  close(): Promise<void>;
}

/** What a way to reach a server must look like, to tell a mistake before anything is dialled. */
interface Expected {
  /** What the repository is called. */
  readonly name: string;
  readonly protocols: readonly string[];
  readonly poolMethod: string;
  readonly driver: string;
}

/** What a timer can wait for, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

const WAYS = ["url", "pool", "dialect"] as const;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Throws if a host's options do not say, in exactly one way, where the server is. */
export const checkAccess = (options: unknown, { name, protocols, poolMethod, driver }: Expected): void => {
  const given = isObject(options) ? WAYS.filter((way) => Reflect.get(options, way) !== undefined) : [];
  const [way, another] = given;
  if (!isObject(options) || way === undefined || another !== undefined)
    throw new Error(`${name} needs one of url, pool and dialect, and got ${given.join(" and ") || "none"}`);
  const value: unknown = Reflect.get(options, way);
  if (way === "url") {
    const protocol = typeof value === "string" && URL.canParse(value) ? new URL(value).protocol : "";
    if (!protocols.includes(protocol)) throw new Error(`url must begin with ${protocols.join("// or ")}//`);
  }
  if (way === "pool" && !(isObject(value) && (poolMethod in value || "pool" in value)))
    throw new Error(`pool must be a pool of ${driver}`);
  if (way === "dialect" && !(isObject(value) && "createDriver" in value))
    throw new Error("dialect must be a dialect of Kysely's");
  if (way === "dialect" && Reflect.get(options, "timeout") !== undefined)
    throw new Error("timeout needs a url or a pool: a dialect of Kysely's keeps its own time");
  for (const [name, least] of [
    ["patience", 0],
    ["timeout", 1],
  ] as const) {
    const time: unknown = Reflect.get(options, name);
    if (time !== undefined && !(typeof time === "number" && time >= least && time <= LONGEST))
      throw new Error(`${name} must be a number of milliseconds, from ${least} to ${LONGEST}`);
  }
};

/** Throws if this is no transaction that a host can have begun. */
export const checkTransaction = (transaction: unknown, isPool: (transaction: object) => boolean): void => {
  if (!isObject(transaction))
    throw new Error("within needs a transaction of Kysely's, or the connection it was begun on");
  if (isPool(transaction)) throw new Error("This is a pool: hand in the connection on which the transaction was begun");
};
