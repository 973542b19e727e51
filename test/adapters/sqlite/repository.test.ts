import { chmod, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { campaign, campaignSelection, creation, customer, draft, voucherOf } from "oncecode/conformance";
import { type SqliteHandle, sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { runInProcesses } from "../../support/worker-processes.ts";
import { betterSqlite3Like, observeHandle } from "./handles.ts";
import { newFile, newRepositoryOnHandle, openHandle, openRepository } from "./temporary-files.ts";

const pragma = (handle: SqliteHandle, name: string): unknown =>
  Object.values(handle.prepare(`pragma ${name}`).get() as Record<string, unknown>)[0];

/** Runs as the user `nobody`, because root may write to read-only files. */
const asNobody = async <T>(act: () => Promise<T>): Promise<T> => {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
};

describe("a file", () => {
  it("has its tables after the first opening, and its records after the second", async () => {
    const filename = await newFile();
    const owner = campaign();
    const first = await openRepository(filename);
    await first.put("campaigns", [creation(owner)]);
    await first.close();

    const second = await openRepository(filename);
    expect(await second.find("campaigns", [{ id: owner.id }])).toEqual([owner]);
  });

  it("is not written to when it is opened and its tables exist", async () => {
    const filename = await newFile();
    await openRepository(filename);
    const before = await readFile(`${filename}-wal`);
    await openRepository(filename);
    expect((await readFile(`${filename}-wal`)).equals(before)).toBe(true);
  });

  it("may be opened by several processes at once when it is new", async () => {
    const filename = await newFile();
    const filenames = Array.from({ length: 8 }, (_, i) => `${filename}-${i}`);
    const worker = join(import.meta.dirname, "open-worker.ts");
    const exits = await runInProcesses(worker, Array(6).fill(filenames));
    expect(exits).toEqual(Array(6).fill({ code: 0, stderr: "" }));

    for (const each of filenames) {
      const repository = await openRepository(each);
      expect(await repository.count([{ kind: "campaigns", filter: { type: "and", filters: [] } }])).toEqual([6]);
    }
  });

  it("is refused if a newer version of the library made its tables", async () => {
    const { handle } = await newRepositoryOnHandle();
    handle.exec("insert into oncecode_migrations values ('9999-later', '2030-01-01T00:00:00.000Z')");
    await expect(sqliteRepository({ handle })).rejects.toThrow("9999-later");
    expect(handle.isTransaction).toBe(false);
  });

  it("is refused if it is not a database", async () => {
    const filename = await newFile();
    await writeFile(filename, "code,campaign\n".repeat(1000));
    await expect(sqliteRepository({ filename })).rejects.toThrow(
      `Cannot use ${filename}: it is not an SQLite database`,
    );
  });

  it("is refused if its folder does not exist", async () => {
    const filename = join(dirname(await newFile()), "missing", "codes.db");
    await expect(sqliteRepository({ filename })).rejects.toThrow("its folder does not exist, or this process may not");
  });

  it("is refused if it may not be written to", async () => {
    const filename = await newFile();
    await (await openRepository(filename)).close();
    await chmod(filename, 0o444);
    await chmod(dirname(filename), 0o777);
    await expect(asNobody(() => sqliteRepository({ filename }))).rejects.toThrow(
      `Cannot use ${filename}: it is read-only, and a store must be able to write`,
    );
  });

  it("is refused if its folder may not be written to", async () => {
    const filename = await newFile();
    await (await openRepository(filename)).close();
    await chmod(filename, 0o666);
    await chmod(dirname(filename), 0o555);
    onTestFinished(() => chmod(dirname(filename), 0o777));
    await expect(asNobody(() => sqliteRepository({ filename }))).rejects.toThrow(`Cannot use ${filename}: `);
  });
});

describe("a handle", () => {
  it("waits for the disk by default, and uses a write-ahead log", async () => {
    const { handle } = await newRepositoryOnHandle();
    expect([pragma(handle, "journal_mode"), pragma(handle, "synchronous")]).toEqual(["wal", 2]);

    await sqliteRepository({ handle, synchronous: "NORMAL" });
    expect(pragma(handle, "synchronous")).toBe(1);
  });

  it("stays open when the repository is closed, because it is the host's", async () => {
    const { handle, repository } = await newRepositoryOnHandle();
    await repository.close();
    expect(handle.isOpen).toBe(true);
  });

  it("is refused if it is for reading only", async () => {
    const filename = await newFile();
    await (await openRepository(filename)).close();
    const handle = openHandle(filename, { readOnly: true });
    await expect(sqliteRepository({ handle })).rejects.toThrow("Cannot use the SQLite handle: it is read-only");
  });

  it.each(["3.51.2", "3.40.1", "2.8.17"])(
    "is refused if its SQLite is %s, which can corrupt a database",
    async (version) => {
      const handle = openHandle(await newFile());
      const old: SqliteHandle = {
        exec: (sql) => handle.exec(sql),
        prepare: (sql) => handle.prepare(sql.replace("sqlite_version()", `'${version}'`)),
        close: () => handle.close(),
      };
      await expect(sqliteRepository({ handle: old })).rejects.toThrow(`SQLite ${version}`);
    },
  );

  it.each(["3.51.3", "3.53.0", "4.0.0"])("is taken if its SQLite is %s", async (version) => {
    const handle = openHandle(await newFile());
    const other: SqliteHandle = {
      exec: (sql) => handle.exec(sql),
      prepare: (sql) => handle.prepare(sql.replace("sqlite_version()", `'${version}'`)),
      close: () => handle.close(),
    };
    await expect(sqliteRepository({ handle: other })).resolves.toBeDefined();
  });

  it("may be one of better-sqlite3", async () => {
    const repository = await sqliteRepository({ handle: betterSqlite3Like(openHandle(await newFile())) });
    const owner = campaign({ joinOnce: true });
    const vouchers = [voucherOf(owner, { isReferralCode: true }), voucherOf(owner, { active: false })];
    expect(await repository.put("campaigns", [creation(owner)])).toEqual(["written"]);
    expect(await repository.add(vouchers)).toEqual(["added", "added"]);

    const [settlement] = await repository.settle([draft(campaignSelection(owner))]);
    expect(settlement).toMatchObject({ type: "published", publication: { codes: [vouchers[0]!.code] } });
    expect(await repository.settle([draft(campaignSelection(owner))])).toEqual([{ type: "short" }]);
    expect(await repository.find("campaigns", [{ name: owner.name }])).toEqual([owner]);
    expect(await repository.remove("campaigns", [owner.id])).toEqual([true]);
    const page = { kind: "publications", by: "createdAt", descending: true, after: null, offset: 0, limit: 5 } as const;
    expect(await repository.page({ ...page, filter: { type: "and", filters: [] } })).toHaveLength(1);
  });
});

describe("counts", () => {
  it("are of one instant, even while others write", async () => {
    const filename = await newFile();
    const other = await openRepository(filename);
    let counted = 0;
    const handle = observeHandle(openHandle(filename), (sql) => {
      if (sql.includes("count(*)") && ++counted === 2) openHandle(filename).exec("delete from oncecode_customers");
    });
    await other.put("customers", [creation(customer())]);
    const counting = await sqliteRepository({ handle });
    const everyone = { kind: "customers", filter: { type: "and", filters: [] } } as const;
    expect(await counting.count([everyone, everyone, everyone])).toEqual([1, 1, 1]);
    expect(await counting.count([everyone])).toEqual([0]);
  });
});
