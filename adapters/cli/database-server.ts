import type { Repository } from "oncecode";
import { UsageError } from "./terminal.ts";

/** The kind of server in a URL. Its driver is loaded only when it is needed: a host installs only one. */
export type ServerKind = "postgres" | "mysql";

const KINDS: Readonly<Record<string, ServerKind>> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "mysql:": "mysql",
  "mariadb:": "mysql",
};

export const serverKindOf = (url: string): ServerKind => {
  const kind = KINDS[URL.canParse(url) ? new URL(url).protocol : ""];
  if (kind !== undefined) return kind;
  throw new UsageError("--url must begin with postgres:// or mysql://, such as postgres://user@host/database");
};

/** Opens a repository on a server, and creates the tables if they do not exist. */
export const openDatabaseServer = async (url: string): Promise<Repository & { close(): Promise<void> }> => {
  switch (serverKindOf(url)) {
    case "postgres": {
      const { postgresRepository } = await import("oncecode/postgres");
      return postgresRepository({ url });
    }
    case "mysql": {
      const { mysqlRepository } = await import("oncecode/mysql");
      return mysqlRepository({ url });
    }
  }
};
