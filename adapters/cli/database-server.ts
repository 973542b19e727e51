import type { Repository } from "oncecode";
import { UsageError } from "./terminal.ts";

/** Which of the drivers a URL is for. Each is loaded only when it is needed, since a host installs the one it uses. */
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
  throw new UsageError("--url must begin with postgres:// or mysql://, as in postgres://user@host/database");
};

/** The tables of a server, made if need be. */
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
