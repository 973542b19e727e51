import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createEngine, type Repository, where } from "oncecode";
import { sqliteRepository } from "oncecode/sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { newFile, openHandle } from "./sqlite/folder.ts";

type Handle = ReturnType<typeof openHandle>;

/** Vouchers FREE, GIVEN, which is published, and GONE, which was published and then deleted. */
const MADE_BY_0_1_0 = join(import.meta.dirname, "sqlite/made-by-0.1.0.sql");

describe("a file that 0.1.0 made", () => {
  let handle: Handle;
  let repository: Repository;
  let before: readonly unknown[];

  const rowsOf = (...tables: readonly string[]): readonly unknown[] =>
    tables.map((table) => handle.prepare(`select * from oncecode_${table} order by 1`).all());
  const TABLES = ["vouchers", "publications", "claims", "keys", "campaigns", "customers"] as const;

  beforeEach(async () => {
    handle = openHandle(await newFile());
    handle.exec(await readFile(MADE_BY_0_1_0, "utf8"));
    before = rowsOf(...TABLES);
    repository = await sqliteRepository({ handle });
  });

  it("keeps all that is in it, also for who reads the claims", () => {
    expect(rowsOf(...TABLES)).toEqual(before);
  });

  it("has aside only what was published and deleted", () => {
    expect(handle.prepare("select code from oncecode_retired").all()).toEqual([{ code: "GONE" }]);
  });

  it("gives the publications of both when asked by code", async () => {
    const filters = ["GIVEN", "GONE", "FREE"].map((code) => where("voucherCode").is(code));
    const asked = filters.map((filter) => ({ kind: "publications", filter }) as const);
    expect(await repository.count(asked)).toEqual([1, 1, 0]);
  });

  it("publishes what is free, and nothing twice", async () => {
    const { publications, vouchers } = createEngine({ repository });
    const customer = { sourceId: "bob" };
    expect(await publications.create({ voucher: "FREE", customer })).toMatchObject({ codes: ["FREE"] });
    for (const code of ["FREE", "GIVEN"])
      await expect(publications.create({ voucher: code, customer })).rejects.toMatchObject({
        code: expect.any(String),
      });
    await expect(
      vouchers.create({ code: "GONE", type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } }),
    ).rejects.toMatchObject({ code: expect.any(String) });
  });
});
