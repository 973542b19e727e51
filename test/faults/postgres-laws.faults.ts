import type { Repository } from "oncecode";
import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { postgresDatabasesOn } from "../support/postgres-databases.ts";
import { postgresHosts } from "../support/postgres-hosts.ts";
import { startPostgres } from "../support/servers/postgres.ts";

/** All laws with other isolation levels, as a host or a distributed database may have them. */
const server = await startPostgres({ durable: false, settings: { max_connections: "200" } });
afterAll(() => server.stop());

describe.each(["repeatable read", "serializable"])(
  "with %s as the server's default, all laws hold on PostgreSQL",
  (level) => {
    const databases = postgresDatabasesOn(server.url, `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`);
    const laws = repositoryLaws(async () => (await databases.open()).repository);
    for (const law of laws) it(law.name, law.run, 3 * LAW_TIMEOUT);
  },
);

describe("in a transaction of the host, all laws hold on PostgreSQL", () => {
  const databases = postgresDatabasesOn(server.url);
  const pool = new pg.Pool({ connectionString: server.url, max: 70 });
  afterAll(() => pool.end());

  const [, beginOn] = postgresHosts[0] ?? [];
  if (beginOn === undefined) throw new Error("There is no host");
  let open: { rollback(): Promise<void> }[] = [];

  /** Some laws open many repositories, one after another. The transaction of an earlier one is then rolled back and reused. */
  const openWithin = async (): Promise<Repository> => {
    if (open.length === 8) await open.shift()?.rollback();
    const { repository } = await databases.open();
    const host = await beginOn(pool)();
    open.push(host);
    return repository.within(host.transaction);
  };
  afterEach(async () => {
    await Promise.all(open.map((host) => host.rollback()));
    open = [];
  });
  for (const law of repositoryLaws(openWithin)) it(law.name, law.run, 3 * LAW_TIMEOUT);
});

describe("in a database that sorts like a dictionary, all laws hold on PostgreSQL", async () => {
  const admin = new pg.Pool({ connectionString: server.url, max: 1 });
  afterAll(() => admin.end());
  await admin.query(
    "create database dictionary template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US-u-ks-level1' locale 'C'",
  );
  const dictionary = postgresDatabasesOn(server.url.replace(/postgres$/, "dictionary"));
  const laws = repositoryLaws(async () => (await dictionary.open()).repository);
  for (const law of laws.filter(({ name }) => /list|page|order|condition|code|found|find/.test(name)))
    it(law.name, law.run, 3 * LAW_TIMEOUT);

  it("and the database does sort like this", async () => {
    const { rows } = await dictionary.pool.query("select 'b' < 'B' as b, 'B' < 'a' as a");
    expect(rows).not.toEqual([{ b: false, a: true }]);
  });
});
