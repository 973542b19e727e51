import { mariadbBinary } from "../support/servers/mariadb.ts";
import type { ServerKind } from "./server-kind.ts";
import { mariadbServerKind } from "./server-kind-mariadb.ts";
import { postgresServerKind } from "./server-kind-postgres.ts";

/** The kinds of servers in the suite. MariaDB is one of them if it is installed: npm does not bring it. */
export const SERVER_KINDS: readonly ServerKind[] =
  mariadbBinary() === null ? [postgresServerKind] : [postgresServerKind, mariadbServerKind];

export const serverKind = (name: string): ServerKind => {
  const kind = SERVER_KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`There is no server of kind ${name}`);
  return kind;
};
