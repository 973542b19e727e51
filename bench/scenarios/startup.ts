import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Comparison, Measurement } from "../comparison.ts";
import { noExtraPoints } from "../comparison.ts";
import type { PointDefinition } from "../participants.ts";
import type { Unit } from "../results.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

const ENTRY_POINTS: Readonly<Record<string, string>> = {
  oncecode: "src/index.js",
  "oncecode/fp": "src/fp.js",
  "oncecode/memory": "adapters/memory/index.js",
  "oncecode/sqlite": "adapters/sql/sqlite.js",
  "oncecode/postgres": "adapters/sql/postgres.js",
  "oncecode/mysql": "adapters/sql/mysql.js",
  "oncecode/http": "adapters/http/index.js",
};

const pointOf = (label: string, unit: Unit): PointDefinition => ({
  scenario: "startup",
  store: "none",
  subject: "oncecode",
  label,
  unit,
  at: null,
});

/** The milliseconds to import a file of the built package, in a new process. */
const measureImport = async (file: string): Promise<number> => {
  const url = JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);
  const script = `const start = performance.now(); await import(${url}); console.log(performance.now() - start)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout);
};

const VOUCHERS = 100_000;

/** The bytes that the memory adapter keeps for each voucher, in a new process. */
const measureMemoryPerVoucher = async (): Promise<number> => {
  const script = `
    import { createEngine } from ${JSON.stringify(new URL("../../dist/src/index.js", import.meta.url).href)};
    import { memoryRepository } from ${JSON.stringify(new URL("../../dist/adapters/memory/index.js", import.meta.url).href)};
    const engine = createEngine({ repository: memoryRepository() });
    const campaign = { voucher: { discount: { type: "PERCENT", percentOff: 10 } } };
    await engine.campaigns.create({ ...campaign, name: "first", vouchersCount: 1000 });
    const heapUsed = () => { gc(); return process.memoryUsage().heapUsed; };
    const before = heapUsed();
    await engine.campaigns.create({ ...campaign, name: "second", vouchersCount: ${VOUCHERS} });
    console.log((heapUsed() - before) / ${VOUCHERS});`;
  const { stdout } = await run(process.execPath, ["--expose-gc", "--input-type=module", "-e", script]);
  return Number(stdout);
};

interface PackageSize {
  readonly size: number;
  readonly unpackedSize: number;
}

const readPackageSize = async (): Promise<PackageSize> => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: ROOT });
  const [pack] = Object.values(JSON.parse(stdout) as Readonly<Record<string, PackageSize>>);
  if (pack === undefined) throw new Error("npm pack printed no package");
  return pack;
};

/** The cost of loading oncecode, measured on the built package. */
export const startup: Comparison = {
  scenario: "startup",
  store: "none",
  label: "import time, package size, memory per voucher",
  skipReason: null,
  prepare: async () => {
    await run("npm", ["run", "build"], { cwd: ROOT });
    const imports = Object.entries(ENTRY_POINTS).map(
      ([name, file]): Measurement => ({
        points: [pointOf(`import ${name}`, "ms")],
        run: async () => [await measureImport(file)],
      }),
    );
    const memory: Measurement = {
      points: [pointOf("memory per voucher, in the memory adapter", "bytes")],
      run: async () => [await measureMemoryPerVoucher()],
    };
    const size: Measurement = {
      points: [pointOf("package, packed", "bytes"), pointOf("package, unpacked", "bytes")],
      run: async () => {
        const { size, unpackedSize } = await readPackageSize();
        return [size, unpackedSize];
      },
    };
    return {
      measurements: [...imports, memory, size],
      ratioDefinitions: [],
      check: noExtraPoints,
      close: async () => undefined,
    };
  },
};
