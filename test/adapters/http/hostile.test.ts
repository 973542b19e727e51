import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { createEngine, type Engine } from "oncecode";
import { type SqliteRepository, sqliteRepository } from "oncecode/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contents } from "../../support/fixture.ts";
import { type Api, createApi, INTEGRATION_HEADERS, ORIGIN, type Reply } from "../../support/http-api.ts";
import { newDatabasePath, type ServeProcess, startServe } from "../../support/serve-process.ts";
import { expectError, expectTooLarge, REQUEST_ID } from "./expect-error.ts";
import { bodyAttacks } from "./hostile/bodies.ts";
import { deletionAttacks, pathAttacks, queryAttacks } from "./hostile/queries.ts";
import { createRecords, ENDPOINTS, type HostileRequest, samplePath } from "./hostile/request.ts";
import { routeAttacks } from "./hostile/routes.ts";
import { inProcess, overNetwork, type Send } from "./hostile/send.ts";

const ATTACKS: readonly HostileRequest[] = [
  ...routeAttacks,
  ...bodyAttacks,
  ...queryAttacks,
  ...pathAttacks,
  ...deletionAttacks,
];
const NAMED = ATTACKS.map((attack) => [attack.title, attack] as const);

const expectShape = (reply: Reply, { method }: HostileRequest): void => {
  if (method !== "OPTIONS") expect(reply.headers.get("X-Request-Id")).toMatch(REQUEST_ID);
  expect(reply.headers.has("X-Injected")).toBe(false);
  if (method === "HEAD") expect(reply.body).toBeNull();
  else if (reply.status === 413) expectTooLarge(reply);
  else if (reply.status >= 400) expectError(reply, reply.status);
};

const expectAnswer = (reply: Reply, attack: HostileRequest): void => {
  expect(reply.status).toBeLessThan(500);
  expectShape(reply, attack);
  expect(attack.status, JSON.stringify(reply.body)?.slice(0, 300)).toContain(reply.status);
  if (attack.key !== undefined) expect(reply.body.key).toBe(attack.key);
  for (const word of attack.details ?? []) expect(reply.body.details).toContain(word);
  if (reply.status === 405) expect(reply.headers.get("Allow")).toMatch(/^[A-Z]+(?:, [A-Z]+)*$/);
};

const expectUnpolluted = (): void => {
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(Reflect.get(() => 1, "polluted")).toBeUndefined();
};

const publishNormally = (send: Send): Promise<Reply> =>
  send({
    title: "a publication as it should be",
    method: "POST",
    path: "/v1/publications",
    headers: { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" },
    body: () => JSON.stringify({ campaign: "spring", customer: "shop-1" }),
    status: [200],
  });

describe("the handler", () => {
  let here: Api;
  let send: Send;
  let before: unknown;

  beforeAll(async () => {
    here = await createApi({ engine: { recordFailures: false } });
    await createRecords(here.engine);
    send = inProcess(here);
    before = await contents(here.engine);
  });
  /** Checks that no record has changed since the last call. */
  const expectUnchanged = async (): Promise<void> => {
    const [was, is] = [before, await contents(here.engine)];
    before = is;
    expect(is).toEqual(was);
  };

  it.each(NAMED)("refuses %s", async (_what, attack) => {
    const reply = await send(attack);
    await expectUnchanged();
    expectAnswer(reply, attack);
    expectUnpolluted();
  });

  it("still publishes after all attacks", async () => {
    expect(await publishNormally(send)).toMatchObject({ status: 200, body: { voucher: { campaign: "spring" } } });
    expect(await contents(here.engine)).not.toEqual(before);
  });
});

/** Node's server refuses longer heads itself. */
const HEAD_MAX = 16_000;
const isLong = ({ path, headers }: HostileRequest): boolean => path.length + JSON.stringify(headers).length > HEAD_MAX;
/** Requests that Node's client cannot send. */
const RAW: readonly (readonly [title: string, head: string])[] = [
  ["no HTTP at all", "hello\r\n\r\n"],
  ["a line break in a header", "GET /v1/publications HTTP/1.1\r\nHost: a\r\nX-App-Id: app\rX-Injected: 1\r\n\r\n"],
  ["two lengths", "POST /v1/publications HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"],
  [
    "a length and chunks",
    "POST /v1/publications HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a length below nothing", "POST /v1/publications HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"],
  ["no host", "GET /v1/publications HTTP/1.1\r\n\r\n"],
  ["a host that is none", "GET /v1/publications HTTP/1.1\r\nHost: a b/c?d#e\r\nConnection: close\r\n\r\n"],
  [
    "a whole address for a path",
    "GET http://evil.example/v1/publications HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  ],
  ["a star for a path", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ["a path that is none", "GET v1/publications HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ["a colon for a path", "GET //: HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ["a backslash", "GET /v1\\publications HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ["CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["TRACE", "TRACE /v1/publications HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ["an upgrade", "GET /v1/publications HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n"],
];

const sendRaw = (url: string, head: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(head));
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", () => undefined).on("close", () => resolve(answer));
    socket.setTimeout(2000, () => socket.destroy());
  });

/** The records without the failed publications that refused requests have stored. */
const contentsWithoutFailures = async (engine: Engine): Promise<unknown> => {
  const { publications, ...rest } = (await contents(engine)) as {
    readonly publications: readonly { readonly result: string }[];
  };
  return { ...rest, publications: publications.filter(({ result }) => result === "SUCCESS") };
};

describe("oncecode serve", () => {
  let server: ServeProcess;
  let store: SqliteRepository;
  let engine: Engine;
  let before: unknown;

  beforeAll(async () => {
    const filename = await newDatabasePath();
    store = await sqliteRepository({ filename });
    engine = createEngine({ repository: store });
    await createRecords(engine);
    const web = ["--client-id", "web", "--client-token", "web-token", "--origin", ORIGIN];
    server = await startServe("--database", filename, ...web);
    before = await contentsWithoutFailures(engine);
  });
  afterAll(() => store.close());
  const expectUnchanged = async (): Promise<void> => {
    const [was, is] = [before, await contentsWithoutFailures(engine)];
    before = is;
    expect(is).toEqual(was);
  };

  /** The server has no integration key. */
  const expected = (attack: HostileRequest): HostileRequest => {
    if (attack.headers["X-App-Id"] !== INTEGRATION_HEADERS["X-App-Id"]) return attack;
    const { key: _, details: __, ...rest } = attack;
    return { ...rest, status: attack.status.includes(405) && attack.method !== "HEAD" ? [405] : [401, 405] };
  };

  it.each(NAMED)("refuses %s", async (_what, attack) => {
    const send = overNetwork(server.url);
    // Node refuses long heads without reading the rest, so its response may be incomplete.
    const reply = await (isLong(attack) ? send(attack).catch(() => null) : send(attack));
    await expectUnchanged();
    if (isLong(attack)) expect([null, 431, ...attack.status]).toContain(reply?.status ?? null);
    else if (reply !== null) expectAnswer(reply, expected(attack));
  });

  it.each(RAW)("answers correctly after %s", async (_what, head) => {
    const answer = await sendRaw(server.url, head);
    expect(answer).not.toMatch(/^HTTP\/1\.1 [25]/);
    expect(answer).not.toMatch(/^x-injected/im);
    await expectUnchanged();
    expect(server.process.exitCode).toBeNull();
  });

  it("stays up, within its memory, and still publishes after all attacks", async () => {
    const health = await fetch(`${server.url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    expect(server.process.exitCode).toBeNull();
    const status = await readFile(`/proc/${server.process.pid}/status`, "utf8").catch(() => "VmRSS: 0 kB");
    expect(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024).toBeLessThan(400);
    expect(await publishNormally(overNetwork(server.url))).toMatchObject({ status: 200, body: { result: "SUCCESS" } });
    expect(await contentsWithoutFailures(engine)).not.toEqual(before);
  });

  it("logs no bug, no secret and no code", async () => {
    const wrong = server.lines.filter((line) => /"error":|app-token|web-token|FREE|GIVEN|shop-1/.test(line));
    expect(wrong.map((line) => line.slice(0, 300))).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});

it("there are enough attacks, no attack is made twice, and each route is attacked", () => {
  expect(ATTACKS.length).toBeGreaterThan(80);
  const names = ATTACKS.map(({ title }) => title);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const attacked = new Set(ATTACKS.map(({ path }) => path.split("?")[0]));
  expect(ENDPOINTS.filter((one) => !attacked.has(samplePath(one))).map(({ path }) => path)).toEqual([]);
});
