import type { UnsafeSetting } from "./settings.ts";

/** What a host may choose for any server. */
export interface ServerOptions {
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

export const DEFAULT_PATIENCE = 10_000;

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** For what may pass. */
  readonly patience: number;
  /** For a new connection of our own: a moment also for who does not want to try again. */
  readonly connectTimeout: number;
  /** For the answer to one statement, if there is a limit to that. */
  readonly timeout: number | null;
}

const CONNECT_TIMEOUT_MIN = 1000;

export const timeoutsFrom = ({
  patience = DEFAULT_PATIENCE,
  timeout,
}: Pick<ServerOptions, "patience" | "timeout">): Timeouts => ({
  patience,
  connectTimeout: Math.max(patience, CONNECT_TIMEOUT_MIN),
  timeout: timeout ?? null,
});

/** What a way to reach a server must look like, to tell a mistake before anything is dialled. */
interface DriverInfo {
  /** What the repository is called. */
  readonly functionName: string;
  readonly protocols: readonly string[];
  readonly poolMethod: string;
  readonly driver: string;
}

/** What a timer can wait for, in milliseconds: 24 days. */
const TIMER_MAX = 2 ** 31 - 1;

const CONNECTION_KINDS = ["url", "pool", "dialect"] as const;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Throws if a host's options do not say, in exactly one way, where the server is. */
export const checkConnectionOptions = (
  options: unknown,
  { functionName, protocols, poolMethod, driver }: DriverInfo,
): void => {
  const kinds = isObject(options) ? CONNECTION_KINDS.filter((kind) => Reflect.get(options, kind) !== undefined) : [];
  const [kind, secondKind] = kinds;
  if (!isObject(options) || kind === undefined || secondKind !== undefined)
    throw new Error(`${functionName} needs one of url, pool and dialect, and got ${kinds.join(" and ") || "none"}`);
  const value: unknown = Reflect.get(options, kind);
  if (kind === "url") {
    const protocol = typeof value === "string" && URL.canParse(value) ? new URL(value).protocol : "";
    if (!protocols.includes(protocol)) throw new Error(`url must begin with ${protocols.join("// or ")}//`);
  }
  if (kind === "pool" && !(isObject(value) && (poolMethod in value || "pool" in value)))
    throw new Error(`pool must be a pool of ${driver}`);
  if (kind === "dialect" && !(isObject(value) && "createDriver" in value))
    throw new Error("dialect must be a dialect of Kysely's");
  if (kind === "dialect" && Reflect.get(options, "timeout") !== undefined)
    throw new Error("timeout needs a url or a pool: a dialect of Kysely's keeps its own time");
  for (const [name, min] of [
    ["patience", 0],
    ["timeout", 1],
  ] as const) {
    const time: unknown = Reflect.get(options, name);
    if (time !== undefined && !(typeof time === "number" && time >= min && time <= TIMER_MAX))
      throw new Error(`${name} must be a number of milliseconds, from ${min} to ${TIMER_MAX}`);
  }
};

/** Throws if this is no transaction that a host can have begun. */
export const checkTransaction = (transaction: unknown, isPool: (transaction: object) => boolean): void => {
  if (!isObject(transaction))
    throw new Error("within needs a transaction of Kysely's, or the connection it was begun on");
  if (isPool(transaction)) throw new Error("This is a pool: hand in the connection on which the transaction was begun");
};
