import type { DatabaseSync } from "node:sqlite";
import type { Repository } from "oncecode";
import { campaign, campaignSelection, creation, draft, repositoryLaws, vouchersOf } from "oncecode/conformance";
import { type SqliteRepository, sqliteRepository, sqliteWithin } from "oncecode/sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { betterSqlite3Like } from "./handles.ts";
import { newRepositoryOnHandle, openHandle, openRepository } from "./temporary-files.ts";

const EVERYTHING = { type: "and", filters: [] } as const;

let handle: DatabaseSync;
let repository: SqliteRepository;
let within: Repository;
const owner = campaign();
const [voucher] = vouchersOf(owner, 1);

const available = async (): Promise<boolean> => {
  const [found] = await repository.find("vouchers", [{ id: voucher!.id }]);
  return found?.publicationId === null;
};

beforeEach(async () => {
  ({ handle, repository } = await newRepositoryOnHandle());
  within = sqliteWithin(handle);
  await repository.put("campaigns", [creation(owner)]);
  await repository.add([voucher!]);
  handle.exec("create table host_orders (id integer primary key)");
});

describe("in a transaction of the host", () => {
  it("a publication is kept when the host commits", async () => {
    handle.exec("begin immediate; insert into host_orders values (1)");
    expect(await within.settle([draft(campaignSelection(owner))])).toMatchObject([{ type: "published" }]);
    handle.exec("commit");
    expect(await available()).toBe(false);
    expect(await repository.count([{ kind: "publications", filter: EVERYTHING }])).toEqual([1]);
  });

  it("a publication is undone when the host rolls back, and its code is available again", async () => {
    handle.exec("begin immediate; insert into host_orders values (1)");
    expect(await within.settle([draft(campaignSelection(owner))])).toMatchObject([{ type: "published" }]);
    expect(await within.settle([draft(campaignSelection(owner))])).toEqual([{ type: "short" }]);
    handle.exec("rollback");

    expect(await available()).toBe(true);
    expect(
      await repository.count([
        { kind: "publications", filter: EVERYTHING },
        { kind: "customers", filter: EVERYTHING },
      ]),
    ).toEqual([0, 0]);
    expect(await repository.settle([draft(campaignSelection(owner))])).toMatchObject([{ type: "published" }]);
  });

  it("no other connection sees a publication before the host commits", async () => {
    const other = await openRepository(String(handle.location()));
    handle.exec("begin immediate");
    await within.settle([draft(campaignSelection(owner))]);
    expect(await within.count([{ kind: "publications", filter: EVERYTHING }])).toEqual([1]);
    expect(await other.count([{ kind: "publications", filter: EVERYTHING }])).toEqual([0]);
    handle.exec("rollback");
  });

  it("a failed call leaves the host's own writes in place", async () => {
    handle.exec(`insert into oncecode_retired values ('${voucher!.id}', 'OTHER', 'pub_other')`);
    handle.exec("begin immediate; insert into host_orders values (1)");
    await expect(within.settle([draft(campaignSelection(owner))])).rejects.toMatchObject({ outcome: "unchanged" });
    expect(handle.isTransaction).toBe(true);
    handle.exec("insert into host_orders values (2); commit");

    expect(handle.prepare("select count(*) as count from host_orders").get()).toEqual({ count: 2 });
    expect(await repository.count([{ kind: "customers", filter: EVERYTHING }])).toEqual([0]);
  });

  it("the host may roll back to its own savepoint", async () => {
    handle.exec("begin immediate; savepoint host");
    await within.settle([draft(campaignSelection(owner))]);
    handle.exec("rollback to host; commit");
    expect(await available()).toBe(true);
  });

  it("`repository.within` does the same as `sqliteWithin`", async () => {
    handle.exec("begin immediate");
    expect(await repository.within(handle).settle([draft(campaignSelection(owner))])).toMatchObject([
      { type: "published" },
    ]);
    handle.exec("rollback");
    expect(await available()).toBe(true);
  });

  it("a handle of better-sqlite3 works as well", async () => {
    const like = betterSqlite3Like(handle);
    like.exec("begin immediate");
    expect(await sqliteWithin(like).settle([draft(campaignSelection(owner))])).toMatchObject([{ type: "published" }]);
    like.exec("rollback");
    expect(await available()).toBe(true);
  });
});

describe("without a transaction of the host", () => {
  it("nothing is written, because a rollback would not be possible", async () => {
    await expect(within.settle([draft(campaignSelection(owner))])).rejects.toMatchObject({ outcome: "unchanged" });
    expect(await available()).toBe(true);
  });

  it("a repository's own call is refused while the host has one open on the same handle", async () => {
    handle.exec("begin immediate");
    await expect(repository.settle([draft(campaignSelection(owner))])).rejects.toMatchObject({ outcome: "unchanged" });
    handle.exec("rollback");
    expect(await available()).toBe(true);
  });
});

describe("all laws hold in a transaction of the host", () => {
  const open = async (): Promise<Repository> => {
    const opened = openHandle(":memory:");
    await sqliteRepository({ handle: opened });
    opened.exec("begin immediate");
    return sqliteWithin(opened);
  };
  for (const law of repositoryLaws(open)) it(law.name, law.run, 30_000);
});
