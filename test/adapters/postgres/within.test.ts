import { createEngine } from "oncecode";
import type { PostgresClient, PostgresTransaction } from "oncecode/postgres";
import pg from "pg";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { allPublications, createCampaignWithCodes } from "../../support/fixture.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";
import { postgresHosts } from "../../support/postgres-hosts.ts";

// ../sql/within.test.ts tests what all hosts on all servers have in common.
const databases = postgresDatabases();
const [, beginOn] = postgresHosts[0]!;
const begin = beginOn(databases.pool);

describe("within", () => {
  it("lets other requests wait for the last code until the host commits or rolls back", async () => {
    const { repository } = await databases.open();
    const engine = createEngine({ repository });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await begin();
    await engine.within(host.transaction).publications.create({ campaign: "spring", customer: "shop-1" });
    let answered = false;
    const outside = engine.publications.create({ campaign: "spring", customer: "shop-2" }).finally(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answered).toBe(false);
    await host.rollback();
    expect(await outside).toMatchObject({ codes: ["A"] });
  });

  it("refuses a pool, because its connections do not share a transaction", async () => {
    const { repository } = await databases.open();
    expect(() => repository.within(databases.pool as unknown as PostgresTransaction)).toThrow(/connection/);
  });

  it("leaves the host's connection to the host", async () => {
    const pool = new pg.Pool({ connectionString: inject("postgres"), max: 1 });
    onTestFinished(() => pool.end());
    const { repository } = await databases.open();
    const engine = createEngine({ repository });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    for (const end of ["rollback", "commit"] as const) {
      const host = await beginOn(pool)();
      await engine.within(host.transaction).publications.create({ campaign: "spring", customer: "shop-1" });
      await host[end]();
    }
    expect(pool.idleCount).toBe(1);
    expect(await allPublications(engine)).toHaveLength(1);
  });
});

describe("a call in the host's transaction that fails midway", () => {
  it("is undone whole, and the transaction goes on", async () => {
    const { schema, repository } = await databases.open();
    const engine = createEngine({ repository });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await begin();
    const client = host.transaction as PostgresClient;
    const { query } = client;
    // The driver fails after the vouchers are deleted, with an error that is not the server's.
    client.query = (statement) => {
      if (/delete from .*campaigns/.test(statement.text)) throw new TypeError("made up");
      return query.call(client, statement);
    };
    await expect(engine.within(host.transaction).campaigns.delete("spring")).rejects.toMatchObject({
      code: "storage_failed",
    });
    client.query = query;
    await host.run(`create table ${schema}.kept (id integer)`);
    await host.commit();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ total: 1 });
    await databases.pool.query(`drop table ${schema}.kept`);
  });

  it("sends no more statements on the host's connection after it has failed", async () => {
    const { repository } = await databases.open();
    const engine = createEngine({ repository });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await begin();
    const client = host.transaction as PostgresClient;
    const { query } = client;
    let statementCount = 0;
    client.query = (statement) => {
      statementCount += 1;
      if (/from .*campaigns/.test(statement.text)) throw new TypeError("made up");
      return query.call(client, statement);
    };
    const request = { campaign: "spring", customer: "shop-1", sourceId: "order-1" } as const;
    await expect(engine.within(host.transaction).publications.create(request)).rejects.toMatchObject({
      code: "storage_failed",
    });
    const before = statementCount;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(statementCount).toBe(before);
    client.query = query;
    await host.rollback();
  });
});
