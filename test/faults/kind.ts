import type { Repository } from "oncecode";
import type { Server } from "../servers/postgres.ts";
import type { Source } from "./broken/claiming.ts";
import type { Wire } from "./wire.ts";

/** A repository to be closed in the end. */
export interface OpenRepository extends Repository {
  close(): Promise<void>;
}

interface Opening {
  /** Connections at most, in a pool of the host's; the adapter's own pool unless given. */
  readonly connections?: number;
  /** Goes on though the server is set up so that a promise does not hold. */
  readonly isUnsafe?: boolean;
}

export interface Starting {
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** All that the suite has to know of one kind of server. */
export interface Kind {
  readonly name: string;
  start(options?: Starting): Promise<Server>;
  open(url: string, opening: Opening): Promise<OpenRepository>;
  /** Plain SQL, on a connection of its own. */
  query<Row>(url: string, text: string): Promise<readonly Row[]>;
  /** Counts in `left` what others have open: connections, transactions, locks. */
  readonly leftOver: string;
  readonly wire: () => Wire;
  /** Settings with which it loses what it has confirmed, when it is killed. */
  readonly forgetful: Readonly<Record<string, string>>;
  /** Settings with which it takes this many connections. */
  few(connections: number): Readonly<Record<string, string>>;
  /** Settings with which it needs little room. */
  readonly small: Readonly<Record<string, string>>;
  /** Takes the last line of defence away: a voucher may be claimed twice. */
  readonly disarm: readonly string[];
  /** Connections for repositories that claim in a way of their own. */
  source(url: string): Source | Promise<Source>;
}
