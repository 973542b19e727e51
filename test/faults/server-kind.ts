import type { Repository } from "oncecode";
import type { Server } from "../support/servers/postgres.ts";
import type { ConnectionSource } from "./broken/claims.ts";
import type { WireProtocol } from "./wire.ts";

/** A repository that must be closed. */
export interface OpenRepository extends Repository {
  close(): Promise<void>;
}

interface OpenOptions {
  /** The size of a pool of the host. By default, the adapter has its own pool. */
  readonly connections?: number;
  /** Accepts unsafe settings of the server. */
  readonly isUnsafe?: boolean;
}

export interface StartOptions {
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** The properties of one kind of server. */
export interface ServerKind {
  readonly name: string;
  start(options?: StartOptions): Promise<Server>;
  open(url: string, options: OpenOptions): Promise<OpenRepository>;
  /** Runs SQL on a new connection. */
  query<Row>(url: string, text: string): Promise<readonly Row[]>;
  /** Counts the open connections, transactions and locks of others, in the column `left`. */
  readonly openResourcesQuery: string;
  readonly wire: () => WireProtocol;
  /** Settings with which a killed server loses confirmed writes. */
  readonly lossySettings: Readonly<Record<string, string>>;
  /** Settings with a limit of connections. */
  connectionLimitSettings(connections: number): Readonly<Record<string, string>>;
  /** Settings for a small disk. */
  readonly smallDiskSettings: Readonly<Record<string, string>>;
  /** Drops the unique constraints, so that a voucher can be claimed twice. */
  readonly dropUniqueConstraints: readonly string[];
  /** Connections for broken repositories. */
  connectionSource(url: string): ConnectionSource | Promise<ConnectionSource>;
}
