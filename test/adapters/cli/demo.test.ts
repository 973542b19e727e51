import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { type CommandResult, newPath, runOncecode, writeNewFile } from "./command-process.ts";

/** The numbers in the output, found by a pattern with one group for each. */
const numbers = (text: string, pattern: RegExp): readonly number[] => {
  const found = pattern.exec(text);
  expect(found, `${pattern} in:\n${text}`).not.toBeNull();
  return (found ?? []).slice(1).map((digits) => Number(digits.replaceAll(",", "")));
};
const sum = (parts: readonly number[]): number => parts.reduce((a, b) => a + b, 0);

/** Reads the numbers of the report and checks that the sums agree. */
const checkReport = ({ stdout }: CommandResult) => {
  for (const list of ["codes", "customers"]) {
    const [rows, ...parts] = numbers(
      stdout,
      new RegExp(`${list} +([\\d,]+) rows? read = ([\\d,]+) .* \\+ ([\\d,]+) refused`),
    );
    expect(sum(parts)).toBe(rows);
  }
  const [requests, customers] = numbers(stdout, /Asked +([\d,]+) requests? for ([\d,]+) customer/);
  const [published] = numbers(stdout, /Published +([\d,]+)/);
  const [own, extending] = numbers(stdout, /([\d,]+) of the merchant's codes, ([\d,]+) of/);
  const [replayed] = numbers(stdout, /Replayed +([\d,]+)/);
  const [refused] = numbers(stdout, /Refused +([\d,]+)/);
  const [served] = numbers(stdout, /Served +([\d,]+)/);
  const reasons = [...stdout.matchAll(/^ +([\d,]+) {2}\w+: /gm)].map(([, digits = ""]) =>
    Number(digits.replace(",", "")),
  );
  expect(sum([published!, replayed!, refused!])).toBe(requests);
  expect(sum([own!, extending!])).toBe(published);
  expect(sum(reasons)).toBe(refused);
  expect(stdout.match(/✓/g)).toHaveLength(4);
  expect(stdout).not.toContain("✗");
  expect(stdout).toContain(", each publication once");
  return { customers, published, own, extending, replayed, refused, served };
};

const countPublished = (filename: string): unknown => {
  const database = new DatabaseSync(filename, { readOnly: true });
  const found = database.prepare("SELECT count(*) AS n FROM oncecode_publications WHERE result = 'SUCCESS'").get();
  database.close();
  return found?.n;
};

describe("oncecode demo", () => {
  it("serves all customers of the shipped lists, and continues when called again on the same database", async () => {
    const first = await runOncecode(["demo"]);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(checkReport(first)).toMatchObject({ customers: 994, served: 994, published: 994, own: 587, extending: 407 });
    expect(first.stdout).toMatch(/voucher_already_published/);
    expect(first.stdout).not.toContain("before");

    const filename = /\S+codes\.db/.exec(first.stdout)?.[0] ?? "";
    const second = await runOncecode(["demo", "--database", filename, "--callers", "200"]);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(checkReport(second)).toMatchObject({ customers: 994, served: 994, published: 0 });
    expect(second.stdout).toContain("has run on this database before");
    expect(second.stdout).toContain("… and 588 codes more that the database has already");
    expect(countPublished(filename)).toBe(994);
    await rm(dirname(filename), { recursive: true });
  });

  it("lists the refused rows by file, line and reason", async () => {
    const codes = await writeNewFile(
      "own-codes.csv",
      [
        "\uFEFFNote;CODE;Expires",
        "ok;ONE;2039-12-31",
        '"two lines,\r\nof a note";TWO;',
        ";;2039-12-31",
        "same;ONE;",
        "no such day;THREE;2039-02-30",
        "short",
        'stray;FO"UR;',
        "",
        '"never closed;FIVE;',
        "ok;SIX;",
      ].join("\r\n"),
    );
    const customers = await writeNewFile(
      "own-customers.csv",
      'source_id,email\n"c\n1",a@example.test\nc2,nobody\n,\nc3,\nc3,\nc4,\n',
    );
    const ended = await runOncecode([
      "demo",
      "--codes",
      codes,
      "--customers",
      customers,
      "--database",
      await newPath("own.db"),
    ]);
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(checkReport(ended)).toMatchObject({ customers: 3, served: 3, own: 3 });
    const refusals = [...ended.stdout.matchAll(/^ +(\S+\.csv:\d+ .*)$/gm)].map(([, text]) => text);
    expect(refusals).toEqual([
      `${codes}:5  no code`,
      `${codes}:6  ONE is on line 2, too`,
      `${codes}:7  "2039-02-30" is no date: write it as 2039-12-31`,
      `${codes}:8  1 of 3 columns`,
      `${codes}:9  a quote in the middle of a value`,
      `${codes}:11  a quote is opened and never closed`,
      `${customers}:4  "nobody" is no e-mail address`,
      `${customers}:5  no source_id`,
      `${customers}:7  c3 is on line 6, too`,
    ]);
  });

  it("leaves the user's own tables alone in the user's database", async () => {
    const filename = await newPath("yours.db");
    const yours = new DatabaseSync(filename);
    yours.exec("CREATE TABLE mine (text TEXT); INSERT INTO mine VALUES ('kept')");
    const args = [
      "--codes",
      await writeNewFile("one.csv", "code\nA\n"),
      "--customers",
      await writeNewFile("two.csv", "source_id\nc1\nc2\n"),
    ];
    const run = () => runOncecode(["demo", "--database", filename, ...args]);
    const ended = await run();
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(checkReport(ended)).toMatchObject({ own: 1, extending: 1 });
    expect(yours.prepare("SELECT text FROM mine").all()).toEqual([{ text: "kept" }]);

    yours.exec("UPDATE oncecode_campaigns SET metadata = '{}' WHERE name = 'demo-merchant-codes'");
    const message =
      'the database has a campaign "demo-merchant-codes" that is not the demo\'s: give another --database';
    expect(await run()).toEqual({ exitCode: 2, stdout: "", stderr: `oncecode: ${message}\n` });
    yours.close();
    expect(countPublished(filename)).toBe(2);
  });

  it("exits with 1 and reports the errors if the database was tampered with", async () => {
    const filename = await newPath("tampered.db");
    const args = [
      "--codes",
      await writeNewFile("ab.csv", "code\nA\nB\n"),
      "--customers",
      await writeNewFile("cd.csv", "source_id\nc\nd\n"),
    ];
    const run = () => runOncecode(["demo", "--database", filename, ...args]);
    await run();
    const tampering = new DatabaseSync(filename);
    tampering.exec(`UPDATE oncecode_publications SET codes = '["A"]' WHERE result = 'SUCCESS'`);
    tampering.close();
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("published more than once: A");
    expect(stdout).toContain("these do not: B");
  });

  it("stops at Ctrl-C, keeps the publications, and continues when called again", async () => {
    const rows = Array.from({ length: 1_200 }, (_, i) => `c${i}`);
    const customers = await writeNewFile("many.csv", ["source_id", ...rows].join("\n"));
    const args = ["demo", "--customers", customers, "--database", await newPath("stopped.db")];
    const { exitCode, stderr } = await runOncecode(args, /publishing: /);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/oncecode: stopped; what was published until then is in .*stopped\.db\n$/);
    const again = await runOncecode(args);
    expect(again.exitCode).toBe(0);
    expect(checkReport(again)).toMatchObject({ customers: 1_200, served: 1_200 });
    expect(checkReport(again).published).toBeLessThan(1_200);
  });
});
