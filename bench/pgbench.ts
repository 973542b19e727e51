import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Where PostgreSQL's own benchmark program is, or null where it is not installed. */
const pgbench = (): string | null =>
  [...(process.env.PATH ?? "").split(delimiter), ...globSync("/usr/lib/postgresql/*/bin")]
    .map((folder) => join(folder, "pgbench"))
    .find((path) => existsSync(path)) ?? null;

/** The same statement as `postgres-baseline.ts` runs, with values that pgbench draws. */
const script = (statement: string): string => `
  \\set customer random(0, 4999)
  \\set at random(0, 990000000)
  \\set order random(0, 9000000000000000)
  ${statement
    .replace("$1", "'customer-' || (:customer)::text")
    .replace("$2", "(:at)::double precision / 1000000000")
    .replace("$3", "'order-' || (:order)::text")
    .replaceAll(/\s+/g, " ")};`;

/** Publications per second with so many clients at once, without a line of JavaScript; null without pgbench. */
export const pgbenched = async (url: string, statement: string, clients: number): Promise<number | null> => {
  const program = pgbench();
  if (program === null) return null;
  const folder = await mkdtemp(join(tmpdir(), "oncecode-pgbench-"));
  try {
    const file = join(folder, "publish.sql");
    await writeFile(file, script(statement));
    const args = ["-n", "-M", "prepared", "-c", String(clients), "-j", "2", "-T", "5", "-f", file, url];
    const env = { ...process.env, PGOPTIONS: "-c search_path=by_hand" };
    const { stdout } = await promisify(execFile)(program, args, { env });
    return Number(stdout.match(/tps = ([\d.]+)/)?.[1]);
  } finally {
    await rm(folder, { recursive: true });
  }
};
