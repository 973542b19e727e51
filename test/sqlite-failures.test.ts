import { setInterval } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { Repository } from "oncecode";
import { campaign, creation, draft, takeFrom, vouchersOf } from "oncecode/conformance";
import { type SqliteHandle, sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it } from "vitest";
import { newFile, onHandle, openHandle, openRepository } from "./sqlite/folder.ts";
import { nodeError, watched } from "./sqlite/handles.ts";

const EVERYTHING = { type: "and", filters: [] } as const;
const BUSY = 5;
const IOERR_FSYNC = 1034;
const FULL = 13;

const countOf = async (repository: Repository, kind: "publications" | "vouchers" | "customers"): Promise<unknown> =>
  (await repository.count([{ kind, filter: EVERYTHING }]))[0];

/** A repository with a campaign of two vouchers, on a handle that fails at will. */
const failing = async () => {
  const filename = await newFile();
  const handle = openHandle(filename);
  let fail: (sql: string) => void = () => undefined;
  const repository = await sqliteRepository({ handle: watched(handle, (sql) => fail(sql)) });
  const owner = campaign();
  await repository.put("campaigns", [creation(owner)]);
  await repository.add(vouchersOf(owner, 2));
  return {
    repository,
    owner,
    handle,
    failWhen: (act: (sql: string) => void) => {
      fail = act;
    },
    other: await openRepository(filename),
  };
};

describe("while another keeps the file", () => {
  it("a write waits, and lets the rest of the process go on", async () => {
    const filename = await newFile();
    const repository = await openRepository(filename);
    const other = openHandle(filename);
    other.exec("begin immediate");
    let turns = 0;
    const clock = setInterval(() => {
      turns += 1;
    }, 5);

    const put = repository.put("campaigns", [creation(campaign())]);
    await setTimeout(400);
    clearInterval(clock);
    other.exec("rollback");

    expect(await put).toEqual(["written"]);
    expect(turns).toBeGreaterThan(8);
  });

  it("a write gives up when its time is over, and nothing is written", async () => {
    const filename = await newFile();
    const repository = await sqliteRepository({ handle: openHandle(filename), busyTimeout: 60 });
    const owner = campaign();
    const other = openHandle(filename);
    other.exec("begin immediate");

    await expect(repository.put("campaigns", [creation(owner)])).rejects.toMatchObject({
      outcome: "unchanged",
      cause: { errcode: BUSY },
    });
    other.exec("rollback");
    expect(await repository.put("campaigns", [creation(owner)])).toEqual(["written"]);
  });

  it("reads go on", async () => {
    const filename = await newFile();
    const repository = await openRepository(filename);
    const other = openHandle(filename);
    other.exec("begin immediate; delete from oncecode_campaigns");
    expect(await countOf(repository, "vouchers")).toBe(0);
  });

  it("calls of several kinds at once do not get into each other's transaction", async () => {
    const repository = await openRepository(await newFile());
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    const answers = await Promise.all([
      repository.add(vouchersOf(owner, 3)),
      repository.count([{ kind: "vouchers", filter: EVERYTHING }]),
      repository.settle([draft(takeFrom(owner))]),
      repository.find("campaigns", [{ id: owner.id }]),
      repository.put("campaigns", [creation(campaign())]),
    ]);
    expect(answers).toHaveLength(5);
  });
});

describe("when there is no room", () => {
  it("nothing of the call is written, and a later call can be", async () => {
    const { handle, repository } = await onHandle();
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    const { page_count: pages } = handle.prepare("pragma page_count").get() as { page_count: number };
    handle.exec(`pragma max_page_count = ${pages + 5}`);

    await expect(repository.add(vouchersOf(owner, 1000))).rejects.toMatchObject({
      outcome: "unchanged",
      cause: { errcode: FULL },
    });
    expect(await countOf(repository, "vouchers")).toBe(0);
    handle.exec(`pragma max_page_count = ${pages + 5000}`);
    expect(new Set(await repository.add(vouchersOf(owner, 1000)))).toEqual(new Set(["added"]));
  });

  it("a commit that found none has changed nothing", async () => {
    const { repository, owner, failWhen, other } = await failing();
    failWhen((sql) => {
      if (sql === "commit") throw nodeError(FULL);
    });
    await expect(repository.settle([draft(takeFrom(owner))])).rejects.toMatchObject({ outcome: "unchanged" });
    failWhen(() => undefined);
    expect(await countOf(other, "publications")).toBe(0);
    expect(await repository.settle([draft(takeFrom(owner))])).toMatchObject([{ type: "published" }]);
  });
});

describe("when the disk fails", () => {
  it("in the middle, nothing of the whole batch is written", async () => {
    const { repository, owner, failWhen, other } = await failing();
    let claims = 0;
    failWhen((sql) => {
      if (!sql.includes("into oncecode_claims")) return;
      claims += 1;
      if (claims === 2) throw nodeError(IOERR_FSYNC);
    });
    const drafts = [draft(takeFrom(owner)), draft(takeFrom(owner))];
    await expect(repository.settle(drafts)).rejects.toMatchObject({ outcome: "unchanged" });
    expect([await countOf(other, "publications"), await countOf(other, "customers")]).toEqual([0, 0]);

    failWhen(() => undefined);
    expect(await repository.settle(drafts)).toMatchObject([{ type: "published" }, { type: "published" }]);
  });

  it("at the commit, it is unknown whether the batch is there, and asking again tells", async () => {
    const { repository, owner, handle, failWhen } = await failing();
    const asked = draft(takeFrom(owner));
    failWhen((sql) => {
      if (sql !== "commit") return;
      handle.exec("commit");
      throw nodeError(IOERR_FSYNC);
    });
    const rejection: unknown = await repository.settle([asked]).catch((thrown: unknown) => thrown);
    expect(rejection).toMatchObject({ errcode: IOERR_FSYNC });
    expect(rejection).not.toHaveProperty("outcome");

    failWhen(() => undefined);
    expect(await repository.settle([asked])).toMatchObject([
      { type: "owned", publication: { id: asked.publication.id } },
    ]);
  });
});

describe("a voucher that is claimed already, whatever its row says", () => {
  it.each(["voucher_id", "code"] as const)("is not published again: the %s is unique", async (column) => {
    const { handle, repository } = await onHandle();
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    const [voucher] = vouchersOf(owner, 1);
    await repository.add([voucher!]);
    const claim = { voucher_id: "v_other", code: "OTHER", [column]: column === "code" ? voucher!.code : voucher!.id };
    handle
      .prepare("insert into oncecode_claims (voucher_id, code, publication_id) values (?, ?, 'pub_other')")
      .run(claim.voucher_id, claim.code);

    await expect(repository.settle([draft(takeFrom(owner))])).rejects.toMatchObject({
      outcome: "unchanged",
      cause: { message: `UNIQUE constraint failed: oncecode_claims.${column}` },
    });
    expect(await countOf(repository, "publications")).toBe(0);
  });
});

describe("a handle that is closed", () => {
  it("makes calls fail, and changes nothing", async () => {
    const { handle, repository } = await onHandle();
    const closed: SqliteHandle = handle;
    closed.close();
    await expect(repository.put("campaigns", [creation(campaign())])).rejects.toMatchObject({ outcome: "unchanged" });
    await expect(repository.count([{ kind: "campaigns", filter: EVERYTHING }])).rejects.toThrow();
  });
});
