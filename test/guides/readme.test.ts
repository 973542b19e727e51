import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { compile } from "../support/compile.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);

const snippets = blocks;

/** Replaces the server of the guide by the test server. The test server does not wait for its disk. */
const withTestServer = (code: string): string =>
  code
    .replace("postgres://app@localhost/shop", inject("postgres"))
    .replace(
      "postgresRepository({ pool })",
      'postgresRepository({ pool, schema: "readme", onUnsafe: () => undefined })',
    );

/** All snippets as one program, in order. Imports are merged, because a name may be imported only once. */
const program = (): string => {
  const imports = new Map<string, Set<string>>();
  const bodies = snippets.map((code) =>
    code.replace(/^import \{ (.*) \} from "(.*)";\n/gm, (_, names: string, from: string) => {
      for (const name of names.split(", ")) imports.set(from, (imports.get(from) ?? new Set()).add(name));
      return "";
    }),
  );
  const importLines = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";`);
  // A comment after a line that shows its value becomes an assertion.
  const bodiesWithAssertions = bodies.map((body) =>
    body.replace(/^(.*); \/\/ (true|\{ total.*\})(?=$|:)/gm, "assert.deepEqual($1, $2); //"),
  );
  const parts = [
    'import assert from "node:assert/strict";',
    ...importLines,
    ...bodiesWithAssertions.map((body) => `${body}\n`),
  ];
  return `${withTestServer(parts.join("\n"))}\nawait pool.query("drop schema readme cascade; drop table orders");\nawait pool.end();\n`;
};

describe("the README and the adapter guide", () => {
  let folder: string;

  beforeAll(async () => {
    // In a folder of the package, `import "oncecode"` resolves to the package itself.
    folder = await mkdtemp(join(ROOT, "test/guides/.readme-"));
    await writeFile(join(folder, "readme.ts"), program());
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("has code that runs in the order of the guide and returns the values in its comments", async () => {
    expect(snippets.length).toBeGreaterThan(4);
    await expect(
      run(process.execPath, ["--conditions=dev-source", "readme.ts"], { cwd: folder }),
    ).resolves.toBeDefined();
  });

  it("shows the whole example adapter, which is tested with the laws", async () => {
    const adapter = await readFile(join(ROOT, "test/guides/example-adapter.ts"), "utf8");
    expect(await readFile(join(ROOT, "adapters/README.md"), "utf8")).toContain(`\`\`\`ts\n${adapter}\`\`\`\n`);
  });

  it("has code that compiles", async () => {
    await expect(compile(join(folder, "readme.ts"))).resolves.toBeDefined();
  });
});
