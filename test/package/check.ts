/** Packs the package as npm would publish it and uses the tarball as a stranger would. Run by `npm run check:package`. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "oncecode-package-"));
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

const run = (cwd: string, command: string, ...args: readonly string[]): void => {
  console.log(`\n$ ${[command, ...args].join(" ")}`);
  execFileSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
};

/** A consumer's settings. No `skipLibCheck`: our declarations must stand by themselves. */
const tsconfig = (module: string, moduleResolution: string): string =>
  JSON.stringify({
    compilerOptions: {
      module,
      moduleResolution,
      target: "es2022",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
    },
    files: ["consumer.ts"],
  });

try {
  run(ROOT, "npm", "pack", "--loglevel=error", "--pack-destination", folder);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "no tarball");

  run(ROOT, "publint", "--strict", tarball);
  run(ROOT, "attw", "--profile", "esm-only", tarball);

  const { "fast-check": fastCheck, "@types/node": nodeTypes } = manifest.devDependencies;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run(folder, "npm", "install", "--prefer-offline", tarball, `fast-check@${fastCheck}`, `@types/node@${nodeTypes}`);

  for (const file of ["smoke.mjs", "consumer.ts"]) copyFileSync(join(import.meta.dirname, file), join(folder, file));
  // The oldest that are allowed: the tests have the newest.
  const oldest = ["hono", "qs", "@hono/node-server"].map(
    (peer) => peer + manifest.peerDependencies[peer].replace("^", "@"),
  );
  run(folder, "node", "smoke.mjs", ...oldest);
  run(folder, join("node_modules", ".bin", "oncecode"), "demo");
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["preserve", "bundler"],
  ] as const) {
    writeFileSync(join(folder, "tsconfig.json"), tsconfig(module, resolution));
    run(folder, "tsc", "-p", "tsconfig.json");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
