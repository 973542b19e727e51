import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { compile } from "../support/compile.ts";
import { freePorts } from "../support/servers/free-ports.ts";
import { curlCommands, runCurl } from "./curl.ts";
import { blocksOf, ROOT } from "./guides.ts";
import { waitUntilUp } from "./wait-until-up.ts";

const GUIDE = "adapters/examples/README.md";

it("the program of the examples guide compiles, and answers its curl command with the same code each time", async () => {
  const [port] = await freePorts(1);
  const pool = new pg.Pool({ connectionString: inject("postgres") });
  await pool.query("create schema examples"); // other tests have a table of the same name
  const [block = ""] = blocksOf(GUIDE, "ts");
  const program = block
    .replace("postgres://app@localhost/shop", `${inject("postgres")}?options=-csearch_path%3Dexamples`)
    .replace(
      "postgresRepository({ pool })",
      'postgresRepository({ pool, schema: "examples", onUnsafe: () => undefined })',
    )
    .replace("./express-orders.ts", "../../adapters/examples/express-orders.ts")
    .replace("3000", String(port));
  // In a folder of the package, `import "oncecode"` resolves to the package itself.
  const file = join(ROOT, `test/guides/.examples-${process.pid}.ts`);
  await writeFile(file, program);
  const child = spawn(process.execPath, ["--conditions=dev-source", file], { stdio: "inherit" });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(file);
    await pool.query("drop schema if exists examples cascade");
    await pool.end();
  });
  await expect(compile(file)).resolves.toBeDefined();
  await Promise.race([waitUntilUp(`http://127.0.0.1:${port}`), once(child, "exit")]);

  const [command = ""] = curlCommands(GUIDE);
  const first = await runCurl(command.replace("localhost:3000", `127.0.0.1:${port}`));
  expect(first).toEqual({ codes: [expect.any(String)] });
  expect(await runCurl(command.replace("localhost:3000", `127.0.0.1:${port}`))).toEqual(first);
  expect((await pool.query("select from examples.orders where id = 'order-1'")).rowCount).toBe(1);
});
