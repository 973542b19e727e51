import { setInterval } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { Repository } from "oncecode";
import { campaign, campaignSelection, creation, draft, vouchersOf } from "oncecode/conformance";
import { type SqliteHandle, sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it } from "vitest";
import { nodeError, observeHandle } from "./handles.ts";
import { newFile, newRepositoryOnHandle, openHandle, openRepository } from "./temporary-files.ts";

const EVERYTHING = { type: "and", filters: [] } as const;
const BUSY = 5;
const IOERR_FSYNC = 1034;
const FULL = 13;

const countOf = async (repository: Repository, kind: "publications" | "vouchers" | "customers"): Promise<unknown> =>
  (await repository.count([{ kind, filter: EVERYTHING }]))[0];

/** A repository with a campaign of two vouchers. Its handle fails as `failWhen` says. */
const openFailingRepository = async () => {
  const filename = await newFile();
  const handle = openHandle(filename);
  let fail: (sql: string) => void = () => undefined;
  const repository = await sqliteRepository({ handle: observeHandle(handle, (sql) => fail(sql)) });
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

describe("while another process locks the file", () => {
  it("a write waits without blocking the process", async () => {
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

  it("a write fails after its timeout, and nothing is written", async () => {
    const filename = await newFile();
    const repository = await sqliteRepository({ handle: openHandle(filename), patience: 60 });
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

  it("reads continue", async () => {
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
      repository.settle([draft(campaignSelection(owner))]),
      repository.find("campaigns", [{ id: owner.id }]),
      repository.put("campaigns", [creation(campaign())]),
    ]);
    expect(answers).toHaveLength(5);
  });
});

describe("when the disk is full", () => {
  it("nothing of the call is written, and a later call can be", async () => {
    const { handle, repository } = await newRepositoryOnHandle();
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

  it("a commit that fails for lack of space has changed nothing", async () => {
    const { repository, owner, failWhen, other } = await openFailingRepository();
    failWhen((sql) => {
      if (sql === "commit") throw nodeError(FULL);
    });
    await expect(repository.settle([draft(campaignSelection(owner))])).rejects.toMatchObject({ outcome: "unchanged" });
    failWhen(() => undefined);
    expect(await countOf(other, "publications")).toBe(0);
    expect(await repository.settle([draft(campaignSelection(owner))])).toMatchObject([{ type: "published" }]);
  });
});

describe("when the disk fails", () => {
  it("in the middle of a batch, nothing of the batch is written", async () => {
    const { repository, owner, failWhen, other } = await openFailingRepository();
    let records = 0;
    failWhen((sql) => {
      if (!sql.includes("into oncecode_publications")) return;
      records += 1;
      if (records === 2) throw nodeError(IOERR_FSYNC);
    });
    const drafts = [draft(campaignSelection(owner)), draft(campaignSelection(owner))];
    await expect(repository.settle(drafts)).rejects.toMatchObject({ outcome: "unchanged" });
    expect([await countOf(other, "publications"), await countOf(other, "customers")]).toEqual([0, 0]);

    failWhen(() => undefined);
    expect(await repository.settle(drafts)).toMatchObject([{ type: "published" }, { type: "published" }]);
  });

  it("at the commit, the outcome is unknown, and a repeated call returns it", async () => {
    const { repository, owner, handle, failWhen } = await openFailingRepository();
    const pendingDraft = draft(campaignSelection(owner));
    failWhen((sql) => {
      if (sql !== "commit") return;
      handle.exec("commit");
      throw nodeError(IOERR_FSYNC);
    });
    const rejection: unknown = await repository.settle([pendingDraft]).catch((thrown: unknown) => thrown);
    expect(rejection).toMatchObject({ errcode: IOERR_FSYNC });
    expect(rejection).not.toHaveProperty("outcome");

    failWhen(() => undefined);
    expect(await repository.settle([pendingDraft])).toMatchObject([
      { type: "owned", publication: { id: pendingDraft.publication.id } },
    ]);
  });
});

describe("even under a wrong statement, the database", () => {
  const REFUSAL = "A voucher and its code are published once";
  const UPDATE = "update oncecode_vouchers set publication_id = ? where id = ?";

  /** A repository with one voucher in the pool. */
  const createPublishableVoucher = async () => {
    const { handle, repository } = await newRepositoryOnHandle();
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    const [voucher] = vouchersOf(owner, 1);
    await repository.add([voucher!]);
    const publish = () => repository.settle([draft(campaignSelection(owner))]);
    return { handle, repository, voucher: voucher!, publish };
  };

  it.each(["voucher_id", "code"] as const)(
    "does not publish a voucher whose %s another publication has",
    async (column) => {
      const { handle, repository, voucher, publish } = await createPublishableVoucher();
      const claim = { voucher_id: "v_other", code: "OTHER", [column]: column === "code" ? voucher.code : voucher.id };
      handle
        .prepare("insert into oncecode_retired (voucher_id, code, publication_id) values (?, ?, 'pub_other')")
        .run(claim.voucher_id, claim.code);

      await expect(publish()).rejects.toMatchObject({ outcome: "unchanged", cause: { message: REFUSAL } });
      expect(await countOf(repository, "publications")).toBe(0);
    },
  );

  it.each(["pub_other", null])("does not change the publication of a published voucher to %s", async (other) => {
    const { handle, voucher, publish } = await createPublishableVoucher();
    await publish();
    expect(() => handle.prepare(UPDATE).run(other, voucher.id)).toThrow(REFUSAL);
  });

  it("does not publish the code of a published voucher again, even after the voucher is deleted", async () => {
    const { handle, publish } = await createPublishableVoucher();
    await publish();
    const copy = handle.prepare("select * from oncecode_vouchers").get();
    handle.exec("delete from oncecode_vouchers");

    const columns = Object.keys(copy!);
    const insertion = `insert into oncecode_vouchers (${columns}) values (${columns.map(() => "?")})`;
    const insert = (changes: object) => handle.prepare(insertion).run(...Object.values({ ...copy, ...changes }));
    expect(() => insert({})).toThrow(REFUSAL);
    expect(() => insert({ id: "v_other" })).toThrow(REFUSAL);
    expect(() => insert({ code: "OTHER" })).toThrow(REFUSAL);
    insert({ id: "v_other", publication_id: null });
    expect(() => handle.prepare(UPDATE).run("pub_other", "v_other")).toThrow(REFUSAL);
  });

  it("lists each published voucher as claimed, even after it is deleted", async () => {
    const { handle, voucher, publish } = await createPublishableVoucher();
    const claims = () => handle.prepare("select voucher_id, code from oncecode_claims").all();
    expect(claims()).toEqual([]);
    await publish();
    expect(claims()).toEqual([{ voucher_id: voucher.id, code: voucher.code }]);
    handle.exec("delete from oncecode_vouchers");
    expect(claims()).toEqual([{ voucher_id: voucher.id, code: voucher.code }]);
  });
});

describe("a handle that is closed", () => {
  it("fails every call and changes nothing", async () => {
    const { handle, repository } = await newRepositoryOnHandle();
    const closed: SqliteHandle = handle;
    closed.close();
    await expect(repository.put("campaigns", [creation(campaign())])).rejects.toMatchObject({ outcome: "unchanged" });
    await expect(repository.count([{ kind: "campaigns", filter: EVERYTHING }])).rejects.toThrow();
  });
});
