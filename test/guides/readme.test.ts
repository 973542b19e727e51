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

/** The reader's server is ours, which does not wait for its disk. */
const onOurServer = (code: string): string =>
  code
    .replace("postgres://app@localhost/shop", inject("postgres"))
    .replace(
      "postgresRepository({ pool })",
      'postgresRepository({ pool, schema: "readme", onUnsafe: () => undefined })',
    );

/** One program of all snippets, in their order. What is imported twice is imported once. */
const program = (): string => {
  const imports = new Map<string, Set<string>>();
  const bodies = snippets.map((code) =>
    code.replace(/^import \{ (.*) \} from "(.*)";\n/gm, (_, names: string, from: string) => {
      for (const name of names.split(", ")) imports.set(from, (imports.get(from) ?? new Set()).add(name));
      return "";
    }),
  );
  const heads = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";`);
  // What a line's comment says that it gives is checked, where that is a value.
  const checked = bodies.map((body) =>
    body.replace(/^(.*); \/\/ (true|\{ total.*\})(?=$|:)/gm, "assert.deepEqual($1, $2); //"),
  );
  const parts = ['import assert from "node:assert/strict";', ...heads, ...checked.map((body) => `${body}\n`)];
  return `${onOurServer(parts.join("\n"))}\nawait pool.query("drop schema readme cascade; drop table orders");\nawait pool.end();\n`;
};

describe("the README and the adapter guide", () => {
  let folder: string;

  beforeAll(async () => {
    // Inside the checkout, so that `oncecode` is found by its own name.
    folder = await mkdtemp(join(ROOT, "test/guides/.readme-"));
    await writeFile(join(folder, "readme.ts"), program());
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("has code that runs, in its own order, and gives what it says", async () => {
    expect(snippets.length).toBeGreaterThan(4);
    await expect(
      run(process.execPath, ["--conditions=dev-source", "readme.ts"], { cwd: folder }),
    ).resolves.toBeDefined();
  });

  it("shows the adapter that is held to the laws, whole", async () => {
    const adapter = await readFile(join(ROOT, "test/guides/example-adapter.ts"), "utf8");
    expect(await readFile(join(ROOT, "adapters/README.md"), "utf8")).toContain(`\`\`\`ts\n${adapter}\`\`\`\n`);
  });

  it("has code that compiles", async () => {
    await expect(compile(join(folder, "readme.ts"))).resolves.toBeDefined();
  });
});
