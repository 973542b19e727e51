import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  forbiddenImports,
  forbiddenSpellings,
  machinePaths,
  reachablePackages,
  type Sources,
} from "./support/source-checks.ts";

const ROOT = join(import.meta.dirname, "..");

const read = (patterns: readonly string[], cwd: string = ROOT): Sources =>
  new Map(globSync(patterns, { cwd }).map((path) => [path, readFileSync(join(cwd, path), "utf8")]));

const sourceWith = (file: string, ...lines: readonly string[]): Sources => new Map([[file, lines.join("\n")]]);

describe("imports", () => {
  it("point inwards", () => {
    expect(forbiddenImports(read(["{src,adapters}/**/*.ts"]))).toEqual([]);
  });

  it.each([
    ["src/domain/codes.ts", `import { randomBytes } from "node:crypto";`, "node:crypto"],
    ["src/domain/codes.ts", `import type { Draft } from "../engine/batch.ts";`, "src/engine/batch.ts"],
    ["src/domain/codes.ts", `import * as E from "fp-ts/Either";`, "fp-ts/Either"],
    ["src/errors.ts", `import { publish } from "./engine/publish.ts";`, "src/engine/publish.ts"],
    [
      "src/engine/publish.ts",
      `import { memoryRepository } from "../../adapters/memory/index.ts";`,
      "adapters/memory/index.ts",
    ],
    ["src/engine/publish.ts", `import { memoryRepository } from "oncecode/memory";`, "oncecode/memory"],
    ["src/engine/publish.ts", `import { sql } from "kysely";`, "kysely"],
    ["src/engine/publish.ts", `export * from "../conformance/index.ts";`, "src/conformance/index.ts"],
    ["src/conformance/index.ts", `import { sqliteRepository } from "oncecode/sqlite";`, "oncecode/sqlite"],
    ["src/conformance/index.ts", `import { it } from "vitest";`, "vitest"],
    ["adapters/memory/index.ts", `import { sql } from "kysely";`, "kysely"],
    ["adapters/memory/index.ts", `import type { Engine } from "../../src/index.ts";`, "src/index.ts"],
    ["adapters/sql/sqlite.ts", `import { Pool } from "../memory/pool.ts";`, "adapters/memory/pool.ts"],
    ["adapters/sql/sqlite.ts", `import * as TE from "fp-ts/lib/TaskEither.js";`, "fp-ts/lib/TaskEither.js"],
    ["adapters/sql/sqlite.ts", `import pg from "pg";`, "pg"],
    ["adapters/sql/server/publications.ts", `import pg from "pg";`, "pg"],
    ["adapters/sql/postgres/pool.ts", `import type { Pool } from "pg";`, "pg"],
    [
      "adapters/sql/mysql/pool.ts",
      `import { classifyError } from "../postgres/errors.ts";`,
      "adapters/sql/postgres/errors.ts",
    ],
    ["adapters/sql/sqlite.ts", `const driver = await import(name);`, "a computed name"],
    ["adapters/examples/shop.ts", `import { createEngine } from "../../src/index.ts";`, "src/index.ts"],
    ["adapters/cli/main.ts", `const { produce } = await import("immer");`, "immer"],
  ])("are refused in %s: %s", (file, line, to) => {
    expect(forbiddenImports(sourceWith(file, `import type { A } from "./a.ts";`, line))).toContain(
      `${file} must not import ${to}`,
    );
  });

  it("are seen over several lines, in re-exports and for side effects", () => {
    const file = "src/domain/codes.ts";
    const sources = sourceWith(
      file,
      `import {`,
      `  one,`,
      `  two,`,
      `} from "a";`,
      `export { three } from "b";`,
      `import "c";`,
    );
    expect(forbiddenImports(sources)).toEqual(["a", "b", "c"].map((to) => `${file} must not import ${to}`));
  });

  it("of the port into the domain are types only", () => {
    const file = "src/domain/publishing.ts";
    expect(forbiddenImports(sourceWith(file, `import type { Draft } from "../repository.ts";`))).toEqual([]);
    expect(forbiddenImports(sourceWith(file, `import { settle } from "../repository.ts";`))).toHaveLength(1);
  });

  it("of the port are types only", () => {
    const file = "src/repository.ts";
    expect(forbiddenImports(sourceWith(file, `import type { Voucher } from "./domain/model.ts";`))).toEqual([]);
    expect(forbiddenImports(sourceWith(file, `import { codeOf } from "./domain/model.ts";`))).toHaveLength(1);
  });

  it("are not seen in comments", () => {
    expect(forbiddenImports(sourceWith("src/domain/codes.ts", `/**`, ` * import { a } from "kysely";`, ` */`))).toEqual(
      [],
    );
  });
});

describe("the main entry's types", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oncecode-types-"));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    // Type errors do not matter for declarations, and `npm run types` reports them.
    const options = ["-p", "tsconfig.build.json", "--emitDeclarationOnly", "--declarationMap", "false", "--noCheck"];
    await promisify(execFile)(process.execPath, [tsc, ...options, "--outDir", folder], { cwd: ROOT });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("reach no package", () => {
    const declarations = read(["**/*.d.ts"], folder);
    expect(declarations.has("src/index.d.ts")).toBe(true);
    expect(reachablePackages("src/index.d.ts", declarations)).toEqual([]);
  });

  it("would be caught reaching one", () => {
    const declarations = new Map([
      ["src/index.d.ts", `export type { Engine } from "./engine.js";`],
      ["src/engine.d.ts", `export interface Engine { run(): import("fp-ts/lib/Task.js").Task<void> }`],
      ["src/fp.d.ts", `import type { Option } from "fp-ts/lib/Option.js";`],
    ]);
    expect(reachablePackages("src/index.d.ts", declarations)).toEqual(["fp-ts/lib/Task.js"]);
  });
});

describe("no file", () => {
  it("contains the type any or Math.random", () => {
    expect(
      forbiddenSpellings(read(["{src,adapters}/**/*.ts", "{.,src,adapters,adapters/*,bench,test}/README.md"])),
    ).toEqual([]);
  });

  it("contains a path of one machine", () => {
    expect(machinePaths(read(["{src,adapters,test,bench}/**/*.{ts,mjs,json}", "*.{md,json,ts}", ".ci/*"]))).toEqual([]);
  });

  it.each([
    "const a: any = 1;",
    "const a = b as any;",
    "const a: any[] = [];",
    "const a = new Map<string, any>();",
    "type A = string | any;",
    "const a = (b: any) => b;",
    "const a = Math.random();",
  ])("gets away with %s", (line) => {
    expect(forbiddenSpellings(sourceWith("src/a.ts", line))).toHaveLength(1);
    expect(forbiddenSpellings(sourceWith("README.md", "```ts", line, "```"))).toHaveLength(1);
    expect(forbiddenSpellings(sourceWith("README.md", line))).toEqual([]);
  });

  it.each(["/** For any store, as any host knows. */", "const a = sql`x = any(array(1))`;", "const any = many;"])(
    "is blamed for %s",
    (line) => {
      expect(forbiddenSpellings(sourceWith("src/a.ts", line))).toEqual([]);
    },
  );

  it("hides a path in a string or in prose", () => {
    const path = ["", "home", "ann", "oncecode"].join("/");
    expect(machinePaths(sourceWith("src/a.ts", `const a = "${path}";`))).toHaveLength(1);
    expect(machinePaths(sourceWith("README.md", `See ${path}.`))).toHaveLength(1);
    expect(machinePaths(sourceWith("README.md", `GET https://example.test${path}`))).toEqual([]);
  });
});
