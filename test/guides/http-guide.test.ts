import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../support/compile.ts";
import { newDatabasePath, startServe } from "../support/serve-process.ts";
import { freePorts } from "../support/servers/free-ports.ts";
import { curlCommands, runCurl } from "./curl.ts";
import { blocksOf, ROOT } from "./guides.ts";
import { waitUntilUp } from "./wait-until-up.ts";

const GUIDE = "adapters/http/README.md";
const blocks = blocksOf(GUIDE, "ts");
const [handlerSnippet = "", ...serverSnippets] = blocks.filter((code) => code.includes("handler"));

const NAMES = { express: "Express", fastify: "Fastify", "new Hono": "Hono", createServer: "Node" };
const nameOf = (snippet: string): string =>
  Object.entries(NAMES).find(([code]) => snippet.includes(code))?.[1] ?? "nothing";

const ENGINE = `import { createEngine } from "oncecode";
import { memoryRepository } from "oncecode/memory";
const engine = createEngine({ repository: memoryRepository() });
`;

const KEY = { "X-App-Id": "app-1", "X-App-Token": "s3cret", "Content-Type": "application/json" };
const WEB = { "X-Client-Application-Id": "web-1", "X-Client-Token": "in-the-page", Origin: "https://shop.example" };

it("the commands of the HTTP guide create a campaign, publish two codes and list publications", async () => {
  const { url } = await startServe("--database", await newDatabasePath());
  const withServer = (command: string): string =>
    command.replace("localhost:8787", new URL(url).host).replace("app-1", "app").replace("s3cret", "app-token");
  const answers: unknown[] = [];
  for (const command of curlCommands(GUIDE)) answers.push(await runCurl(withServer(command)));
  expect(answers).toMatchObject([
    { object: "campaign", name: "autumn" },
    { object: "publication", vouchers: [expect.any(String), expect.any(String)] },
    { object: "list", data_ref: "publications", total: 0 },
  ]);
});

describe("the handler in the HTTP guide", () => {
  let folder: string;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    // In a folder of the package, `import "oncecode"` resolves to the package itself.
    folder = await mkdtemp(join(ROOT, "test/guides/.http-servers-"));
  });
  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Another process may take the port before the server listens. Then the server starts again on another port. */
  const start = async (name: string, snippet: string): Promise<string> => {
    const [port] = await freePorts(1);
    await writeFile(join(folder, `${name}.ts`), (ENGINE + handlerSnippet + snippet).replaceAll("3000", String(port)));
    const child = spawn(process.execPath, ["--conditions=dev-source", `${name}.ts`], {
      cwd: folder,
      env: { ...process.env, APP_TOKEN: "s3cret" },
      stdio: "inherit",
    });
    running.push(child);
    const url = `http://127.0.0.1:${port}`;
    const ended = once(child, "exit").then(() => null);
    return (await Promise.race([waitUntilUp(url).then(() => url), ended])) ?? start(name, snippet);
  };

  it("is shown on four servers", () => {
    expect(serverSnippets.map(nameOf).toSorted()).toEqual(["Express", "Fastify", "Hono", "Node"]);
  });

  it("is code that compiles", async () => {
    const files = await Promise.all(
      serverSnippets.map(async (snippet, i) => {
        const file = join(folder, `compiled-${i}.ts`);
        await writeFile(file, ENGINE + handlerSnippet + snippet);
        return file;
      }),
    );
    await expect(compile(...files)).resolves.toBeDefined();
  });

  it.each(serverSnippets.map((snippet, i) => [nameOf(snippet), snippet, i] as const))(
    "publishes on %s",
    async (_, snippet, i) => {
      const url = await start(`server-${i}`, snippet);
      const ask = async (
        path: string,
        headers: object,
        body?: object,
      ): Promise<{ readonly status: number; readonly body: unknown }> => {
        const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
        const response = await fetch(url + path, { headers: { ...headers }, ...sent });
        return { status: response.status, body: await response.json() };
      };
      const voucher = { discount: { type: "PERCENT", percent_off: 10 } };
      expect(await ask("/v1/campaigns", KEY, { name: "autumn", type: "AUTO_UPDATE", voucher })).toMatchObject({
        status: 200,
      });
      const published = await ask("/v1/publications", KEY, { campaign: { name: "autumn", count: 2 }, customer: "ann" });
      expect(published).toMatchObject({ status: 200, body: { vouchers: [expect.any(String), expect.any(String)] } });
      const query = "filters[tracking_id][conditions][$in][0]=ann&limit=1";
      expect(await ask(`/v1/publications?${query}`, KEY)).toMatchObject({ status: 200, body: { total: 1 } });
      const asClient = { ...WEB, "Content-Type": "application/json" };
      expect(await ask("/client/v1/publish?campaign=autumn", asClient, { customer: "bob" })).toMatchObject({
        status: 200,
      });
      expect(await ask("/v1/vouchers/nope", KEY)).toMatchObject({ status: 404, body: { key: "not_found" } });
      expect(await ask("/v1/publications", { ...KEY, "X-App-Token": "wrong" })).toMatchObject({ status: 401 });
    },
  );
});
