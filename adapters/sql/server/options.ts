import type { UnsafeSetting } from "./settings.ts";

/** Options for any server. */
export interface ServerOptions {
  /** Whether to create or update the tables on opening; true by default. With false, the tables must exist. */
  readonly migrate?: boolean;
  /**
   * How long to retry after a temporary failure, such as a server that starts, too many connections, or a deadlock. In
   * milliseconds; 10,000 by default.
   */
  readonly patience?: number;
  /**
   * How long to wait for a connection, and for the answer to one statement, in milliseconds; no limit by default. After
   * this time the connection is closed, and the engine looks up what the statement has done. The timeout must be longer
   * than the slowest statement. It does not apply to opening, migrating and transactions of the host. It cannot be
   * combined with a Kysely dialect.
   */
  readonly timeout?: number;
  /** Called for each unsafe setting of the server. Without this function, such a server is refused. */
  readonly onUnsafe?: (unsafe: UnsafeSetting) => void;
}

export const DEFAULT_PATIENCE = 10_000;

/** Times in milliseconds. */
export interface Timeouts {
  /** For retries after temporary failures. */
  readonly patience: number;
  /** For a new connection of our own. It is at least 1,000, even if `patience` is 0. */
  readonly connectTimeout: number;
  /** For the answer to one statement; null for no limit. */
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

/** The facts about a driver with which `checkConnectionOptions` finds mistakes before it connects. */
interface DriverInfo {
  /** The name of the called function, for error messages. */
  readonly functionName: string;
  readonly protocols: readonly string[];
  readonly poolMethod: string;
  readonly driver: string;
}

/** The longest time of a timer, in milliseconds: 24 days. */
const TIMER_MAX = 2 ** 31 - 1;

const CONNECTION_KINDS = ["url", "pool", "dialect"] as const;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Throws if the options do not name the server in exactly one way, or if a time is wrong. */
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
    throw new Error(`pool must be a pool of ${driver}, such as the one of your application`);
  if (kind === "dialect" && !(isObject(value) && "createDriver" in value))
    throw new Error("dialect must be a Kysely dialect, such as new PostgresDialect({ pool })");
  if (kind === "dialect" && Reflect.get(options, "timeout") !== undefined)
    throw new Error("timeout needs a url or a pool: set the timeout of a Kysely dialect in its own options");
  for (const [name, min] of [
    ["patience", 0],
    ["timeout", 1],
  ] as const) {
    const time: unknown = Reflect.get(options, name);
    if (time !== undefined && !(typeof time === "number" && time >= min && time <= TIMER_MAX))
      throw new Error(`${name} must be a number of milliseconds, from ${min} to ${TIMER_MAX}`);
  }
};

/** Throws if the value is not a transaction. */
export const checkTransaction = (transaction: unknown, isPool: (transaction: object) => boolean): void => {
  if (!isObject(transaction))
    throw new Error("within needs a Kysely transaction, or the connection on which you began a transaction");
  if (isPool(transaction)) throw new Error("within got a pool: pass the connection on which you began the transaction");
};
