import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { compile } from "../support/compile.ts";
import { blocksOf, ROOT } from "./guides.ts";

const run = promisify(execFile);

/** Replaces the server of a guide by the test server. The test server does not wait for its disk. */
const withTestServer = (code: string): string =>
  code
    .replace("postgres://app@localhost/shop", inject("postgres"))
    .replace(
      "postgresRepository({ pool })",
      'postgresRepository({ pool, schema: "readme", onUnsafe: () => undefined })',
    );

/** A comment after a statement that shows a value becomes an assertion. */
const withAssertions = (code: string): string =>
  code.replace(
    /^(?!const |if |console)(.*); \/\/ (true|\d+|"\w+"|\{ total.*\})(?=$|:)/gm,
    "assert.deepEqual($1, $2); //",
  );

/** All blocks of a guide as one program, in order. Imports are merged, because a name may be imported only once. */
const programOf = (guide: string): string => {
  const imports = new Map<string, Set<string>>();
  const bodies = blocksOf(guide, "ts").map((code) =>
    code.replace(/^import \{ (.*) \} from "(.*)";\n/gm, (_, names: string, from: string) => {
      for (const name of names.split(", ")) imports.set(from, (imports.get(from) ?? new Set()).add(name));
      return "";
    }),
  );
  const importLines = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";`);
  const lines = ['import assert from "node:assert/strict";', ...importLines, ...bodies.map(withAssertions)];
  return withTestServer(lines.join("\n"));
};

const CLEANUP = '\nawait pool.query("drop schema readme cascade; drop table orders");\nawait pool.end();\n';

let folder: string;
beforeAll(async () => {
  // In a folder of the package, `import "oncecode"` resolves to the package itself.
  folder = await mkdtemp(join(ROOT, "test/guides/.programs-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([
  { guide: "README.md", blocks: 6, assertions: 3, cleanup: CLEANUP },
  { guide: "src/README.md", blocks: 3, assertions: 5, cleanup: "" },
])("the code of $guide", ({ guide, blocks, assertions, cleanup }) => {
  const program = (): string => programOf(guide) + cleanup;
  const writeProgram = async (): Promise<string> => {
    const file = join(folder, guide.replaceAll("/", "-").replace(".md", ".ts"));
    await writeFile(file, program());
    return file;
  };

  it("has blocks and values to check", () => {
    expect(blocksOf(guide, "ts")).toHaveLength(blocks);
    expect(program().match(/assert\.deepEqual/g)).toHaveLength(assertions);
  });

  it("runs in the order of the guide, and returns the values in its comments", async () => {
    const file = await writeProgram();
    await expect(run(process.execPath, ["--conditions=dev-source", file], { cwd: folder })).resolves.toBeDefined();
  });

  it("compiles", async () => {
    await expect(compile(await writeProgram())).resolves.toBeDefined();
  });
});

it("the test in the adapter guide is the test that runs here", async () => {
  const [code] = blocksOf("adapters/README.md", "ts");
  const test = readFileSync(join(ROOT, "test/adapters/examples/file-repository.test.ts"), "utf8");
  expect(code).toBe(test.replace("../../../adapters/examples/", "./examples/"));
});
