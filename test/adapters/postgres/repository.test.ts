import { type AddressInfo, createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import { createEngine, type Repository, where } from "oncecode";
import { type PostgresOptions, type PostgresPool, postgresRepository, type UnsafeSetting } from "oncecode/postgres";
import pg from "pg";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { publishConcurrently } from "../../support/concurrent-publications.ts";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { createCampaignWithCodes, DISCOUNT } from "../../support/fixture.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";
import { startPostgres } from "../../support/servers/postgres.ts";
import { observePool } from "./observed-pool.ts";

const url = inject("postgres");
const databases = postgresDatabases();
const { pool } = databases;

/** The number of connections with this application name. */
const connectionsOf = async (name: string): Promise<number> => {
  const { rows } = await pool.query("select count(*)::int as n from pg_stat_activity where application_name = $1", [
    name,
  ]);
  return rows[0].n;
};
const urlWithName = (name: string): string => `${url}?application_name=${name}`;

const open = (options: Partial<PostgresOptions> & { readonly url?: string; readonly pool?: PostgresPool }) =>
  postgresRepository({ ...ignoreUnsafeSettings, schema: databases.newSchema(), ...options } as PostgresOptions);

const publishOnce = async (repository: Repository): Promise<readonly string[]> => {
  const engine = createEngine({ repository });
  await createCampaignWithCodes(engine, "spring", ["A"]);
  return (await engine.publications.create({ campaign: "spring", customer: "shop-1" })).codes;
};

describe("a repository", () => {
  it("on a URL opens its own connections, and closes them", async () => {
    const repository = await open({ url: urlWithName("own") });
    expect(await publishOnce(repository)).toEqual(["A"]);
    expect(await connectionsOf("own")).toBeGreaterThan(0);
    await repository.close();
    await expect.poll(() => connectionsOf("own")).toBe(0);
  });

  it("on the host's pool leaves the pool open and releases every connection", async () => {
    const own = new pg.Pool({ connectionString: url, max: 3 });
    onTestFinished(() => own.end());
    const repository = await open({ pool: own });
    expect(await publishOnce(repository)).toEqual(["A"]);
    await repository.close();
    expect(own.idleCount).toBe(own.totalCount);
    expect((await own.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("needs only one connection, even for many calls at once", async () => {
    const own = new pg.Pool({ connectionString: url, max: 1 });
    onTestFinished(() => own.end());
    expect((await publishConcurrently(createEngine({ repository: await open({ pool: own }) }))).size).toBe(50);
    expect(own.totalCount).toBe(1);
  });

  it("works with any dialect of Kysely for PostgreSQL, and does not close it", async () => {
    const dialect = new PostgresDialect({ pool });
    const repository = await postgresRepository({ dialect, schema: databases.newSchema(), ...ignoreUnsafeSettings });
    expect(await publishOnce(repository)).toEqual(["A"]);
    await repository.close();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("uses no prepared statements with `prepare: false`, for poolers without them", async () => {
    const names: (string | undefined)[] = [];
    const own = observePool(pool, ({ name }) => names.push(name));
    await publishOnce(await open({ pool: own, prepare: false }));
    expect(names.every((name) => name === undefined)).toBe(true);
    await publishOnce(await open({ pool: own }));
    expect(names.some((name) => name?.startsWith("oncecode_"))).toBe(true);
  });

  it("keeps working while a newer version adds columns and widens others", async () => {
    const schema = databases.newSchema();
    const repository = await postgresRepository({ pool, schema, ...ignoreUnsafeSettings });
    const engine = createEngine({ repository });
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    const publish = (i: number) =>
      engine.publications.create({ campaign: "spring", customer: "shop-1", sourceId: `order-${i}` });
    await publish(1);
    for (const table of ["campaigns", "customers", "vouchers", "publications", "claims", "keys"])
      await pool.query(`alter table "${schema}".oncecode_${table} add column extra text`);
    expect(await publish(1)).toMatchObject({ sourceId: "order-1" });
    await publish(2);
    for (const table of ["campaigns", "customers", "vouchers", "publications"])
      await pool.query(`alter table "${schema}".oncecode_${table} alter column id type varchar(500) collate "C"`);
    expect(await publish(2)).toMatchObject({ sourceId: "order-2" });
    await publish(3);
    expect(await engine.publications.count()).toBe(3);
  });

  it("waits for a server that does not answer yet, and then reports the error", async () => {
    const repository = await open({ url });
    await repository.close();
    const started = performance.now();
    const opening = open({ url: "postgres://postgres@127.0.0.1:1/postgres", patience: 300 });
    await expect(opening).rejects.toThrow(/ECONNREFUSED/);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** A message of the PostgreSQL protocol: a letter, the length of the rest, and the body. */
const message = (letter: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

describe("a server that ends", () => {
  it("right after its greeting fails the call and not the process", async () => {
    const farewell = Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0");
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      const greeting = [message("R", Buffer.alloc(4)), message("Z", Buffer.from("I")), message("E", farewell)];
      socket.once("data", () => socket.end(Buffer.concat(greeting)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    await expect(open({ url: `postgres://postgres@127.0.0.1:${port}/postgres`, patience: 200 })).rejects.toThrow();
  });
});

describe("a server whose settings break a promise", () => {
  it("is refused, with the setting's name and the fix", async () => {
    await expect(postgresRepository({ url, schema: databases.newSchema() })).rejects.toThrow(
      /synchronous_commit = off: after a crash .* a second time\. To fix it: alter role … set synchronous_commit = on\..*`onUnsafe`/,
    );
  });

  it("is reported to a host that accepts it", async () => {
    const reported: UnsafeSetting[] = [];
    const repository = await open({ url, onUnsafe: (unsafe) => reported.push(unsafe) });
    await repository.close();
    expect(reported.map(({ setting, value }) => [setting, value])).toEqual([
      ["synchronous_commit", "off"],
      ["fsync", "off"],
      ["full_page_writes", "off"],
    ]);
  });

  it("is refused when it does not wait for the disks of its synchronous standbys", async () => {
    const settings = { synchronous_standby_names: "*", synchronous_commit: "local" };
    const server = await startPostgres({ settings });
    onTestFinished(() => server.stop());
    await expect(postgresRepository({ url: server.url })).rejects.toThrow(
      /synchronous_commit = local: after a failover, .* set synchronous_commit = on/,
    );
  });

  it("is refused when it is read-only", async () => {
    const readOnly = { options: "-c default_transaction_read_only=on" };
    const own = new pg.Pool({ connectionString: url, ...readOnly });
    onTestFinished(() => own.end());
    await expect(open({ pool: own })).rejects.toThrow(/read-only .* connect to the primary/);
  });

  it("is refused when its encoding cannot hold all text", async () => {
    await pool.query("create database latin1 encoding 'LATIN1' template template0 locale 'C'");
    const latin1 = url.replace(/postgres$/, "latin1");
    await expect(open({ url: latin1 })).rejects.toThrow(/encoding LATIN1.*UTF8/);
    await pool.query("drop database latin1");
  });
});

describe("PGlite, through its dialect", () => {
  let dialect: PGliteDialect;
  beforeAll(async () => {
    const pglite = await PGlite.create();
    dialect = new PGliteDialect({ pglite });
    return () => pglite.close();
  });

  it("publishes like any other database", async () => {
    const engine = createEngine({ repository: await open({ dialect }) });
    await engine.campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 5 });
    const calls = Array.from({ length: 20 }, (_, i) =>
      engine.publications.create({ campaign: "spring", customer: `shop-${i}`, metadata: { i } }),
    );
    expect(new Set((await Promise.all(calls)).flatMap(({ codes }) => codes)).size).toBe(20);
    const { data } = await engine.publications.list({ filters: where("metadata.i").is(7) });
    expect(data).toHaveLength(1);
  });

  it("commits and rolls back with the host's transaction", async () => {
    const engine = createEngine({ repository: await open({ dialect }) });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const transaction = await new Kysely<unknown>({ dialect }).startTransaction().execute();
    await engine.within(transaction).publications.create({ campaign: "spring", customer: "shop-1" });
    await transaction.rollback().execute();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ available: 1, published: 0 });
  });
});
