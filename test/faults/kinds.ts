import { mariadbBinary } from "../servers/mariadb.ts";
import type { Kind } from "./kind.ts";
import { mariadb } from "./kind-mariadb.ts";
import { postgres } from "./kind-postgres.ts";

/** Each is put through everything. MariaDB where it is installed: it does not come with the project. */
export const KINDS: readonly Kind[] = mariadbBinary() === null ? [postgres] : [postgres, mariadb];

export const kindOf = (name: string): Kind => {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`There is no server of kind ${name}`);
  return kind;
};
