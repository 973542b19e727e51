import type { Repository } from "oncecode";
import type { Server } from "../support/servers/postgres.ts";
import type { ConnectionSource } from "./broken/claims.ts";
import type { WireProtocol } from "./wire.ts";

/** A repository to be closed in the end. */
export interface OpenRepository extends Repository {
  close(): Promise<void>;
}

interface OpenOptions {
  /** Connections at most, in a pool of the host's; the adapter's own pool unless given. */
  readonly connections?: number;
  /** Goes on though the server is set up so that a promise does not hold. */
  readonly isUnsafe?: boolean;
}

export interface StartOptions {
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** All that the suite has to know of one kind of server. */
export interface ServerKind {
  readonly name: string;
  start(options?: StartOptions): Promise<Server>;
  open(url: string, opening: OpenOptions): Promise<OpenRepository>;
  /** Plain SQL, on a connection of its own. */
  query<Row>(url: string, text: string): Promise<readonly Row[]>;
  /** Counts in `left` what others have open: connections, transactions, locks. */
  readonly openResourcesQuery: string;
  readonly wire: () => WireProtocol;
  /** Settings with which it loses what it has confirmed, when it is killed. */
  readonly lossySettings: Readonly<Record<string, string>>;
  /** Settings with which it takes this many connections. */
  connectionLimitSettings(connections: number): Readonly<Record<string, string>>;
  /** Settings with which it needs little room. */
  readonly smallDiskSettings: Readonly<Record<string, string>>;
  /** Takes the last line of defence away: a voucher may be claimed twice. */
  readonly dropUniqueConstraints: readonly string[];
  /** Connections for repositories that claim in a way of their own. */
  connectionSource(url: string): ConnectionSource | Promise<ConnectionSource>;
}
