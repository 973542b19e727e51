import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import { afterAll, describe, it } from "vitest";
import { mariadbDatabasesOn } from "../support/mariadb-databases.ts";
import { mariadbBinary, startMariadb } from "../support/servers/mariadb.ts";

const UNUSUAL_SETTINGS: readonly (readonly [name: string, settings: readonly string[]])[] = [
  ["whose quotes and backslashes mean something else", ["--sql-mode=ANSI,NO_BACKSLASH_ESCAPES"]],
  ["that lets everything pass", ["--sql-mode="]],
  ["whose default isolation is SERIALIZABLE", ["--transaction-isolation=SERIALIZABLE"]],
];

/** All laws on servers with settings that the adapter must not depend on. */
describe.skipIf(mariadbBinary() === null).each(UNUSUAL_SETTINGS)("on a MariaDB %s", async (_, settings) => {
  const server = await startMariadb({ durable: false, settings });
  const databases = mariadbDatabasesOn(server.url);
  afterAll(() => server.stop());
  for (const law of repositoryLaws(async () => (await databases.open()).repository))
    it(law.name, law.run, 3 * LAW_TIMEOUT);
});
