import { execFile } from "node:child_process";
import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { newDatabasePath, type ServeProcess, startServe } from "../../support/serve-process.ts";

const run = promisify(execFile);
const KEYS = ["-H", "X-App-Id: app", "-H", "X-App-Token: app-token"];

/** Runs `curl` with the arguments of the tutorial, without a shell. `-g` leaves brackets alone. */
const curl = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout } = await run("curl", ["-sS", "-g", ...args]);
  return JSON.parse(stdout);
};

const postArguments = (body: object): readonly string[] => [
  "-X",
  "POST",
  ...KEYS,
  "-H",
  "Content-Type: application/json",
  "-d",
  JSON.stringify(body),
];

interface Publication {
  readonly id: string;
  readonly customer_id: string;
  readonly created_at: string;
  readonly voucher: { readonly code: string };
  readonly vouchers: readonly string[];
}
interface List {
  readonly publications: readonly Publication[];
  readonly total: number;
}

const DISCOUNT = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percent_off: 15 } };
const ANN = { source_id: "shop-4711", email: "ann@example.test", name: "Ann Doe", metadata: { tier: "gold" } };
const BO = { source_id: "shop-4712", email: "bo@example.test", name: "Bo Roe" };
const METADATA = { test: true, provider: "Shop Admin" };
const SEVERAL = {
  campaign: { name: "Spring welcome", count: 2 },
  customer: BO,
  channel: "newsletter_March",
  metadata: METADATA,
};

const createVouchers = async (url: string): Promise<void> => {
  const campaign = { name: "Spring welcome", type: "STATIC", vouchers_count: 5, voucher: DISCOUNT };
  await curl(...postArguments(campaign), `${url}/v1/campaigns`);
  await curl(...postArguments(DISCOUNT), `${url}/v1/vouchers/WELCOME-2026`);
};

const publishAll = async (url: string) => {
  const one = (await curl(
    ...postArguments({ voucher: "WELCOME-2026", customer: ANN, channel: "newsletter_October" }),
    `${url}/v1/publications`,
  )) as Publication;
  const two = (await curl(...postArguments(SEVERAL), `${url}/v1/publications`)) as Publication;
  const cy = { campaign: "Spring welcome", customer: "shop-4713" };
  const three = (await curl(...postArguments(cy), `${url}/v1/publications`)) as Publication;
  return { one, two, three };
};

describe("the tutorial by curl", () => {
  let database: string;
  let server: ServeProcess;
  let published: Awaited<ReturnType<typeof publishAll>>;

  beforeAll(async () => {
    database = await newDatabasePath();
    server = await startServe("--database", database);
    await createVouchers(server.url);
    published = await publishAll(server.url);
  });

  const list = async (query: string): Promise<List> =>
    (await curl(...KEYS, `${server.url}/v1/publications${query}`)) as List;
  const ids = async (query: string): Promise<readonly string[]> => (await list(query)).publications.map(({ id }) => id);

  it("publishes a named code", () => {
    expect(published.one).toMatchObject({
      object: "publication",
      result: "SUCCESS",
      tracking_id: "shop-4711",
      channel: "newsletter_October",
      customer: ANN,
      voucher: { code: "WELCOME-2026", active: true, publish: { count: 1 }, holder_id: published.one.customer_id },
    });
  });

  it("publishes two codes of a campaign to a new customer", async () => {
    const { two } = published;
    expect(two).toMatchObject({
      customer: BO,
      tracking_id: BO.source_id,
      channel: "newsletter_March",
      metadata: METADATA,
    });
    expect(new Set(two.vouchers).size).toBe(2);
    expect(two).not.toHaveProperty("voucher");
    expect(await curl(...KEYS, `${server.url}/v1/customers/shop-4712`)).toMatchObject({ ...BO, id: two.customer_id });
    for (const code of two.vouchers)
      expect(await curl(...KEYS, `${server.url}/v1/vouchers/${code}`)).toMatchObject({
        campaign: "Spring welcome",
        publish: { count: 1, entries: [{ id: two.id, channel: "newsletter_March" }] },
        holder_id: two.customer_id,
      });
  });

  it("lists all publications, newest first", async () => {
    const { one, two, three } = published;
    const { publications, total } = await list("");
    expect(publications.map(({ id }) => id)).toEqual([three.id, two.id, one.id]);
    const times = publications.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(total).toBe(3);
  });

  describe.each([
    ["raw", (query: string) => query],
    ["percent-encoded", (query: string) => query.replace(/[[\]$]/g, encodeURIComponent)],
  ])("with %s brackets", (_, encode) => {
    const customers = (operator: string, ...who: readonly Publication[]): string =>
      who.map(({ customer_id }, i) => `filters[customer_id][conditions][$${operator}][${i}]=${customer_id}`).join("&");
    const filtered = (query: string) => ids(`?${encode(query)}`);

    it("lists the publications of one customer", async () => {
      const { one, two } = published;
      expect(await filtered(customers("is", one))).toEqual([one.id]);
      expect(await filtered(customers("is", two))).toEqual([two.id]);
    });

    it("lists the publications of two customers", async () => {
      const { one, two } = published;
      expect(await filtered(customers("in", one, two))).toEqual([two.id, one.id]);
    });

    it("lists the publications that match one filter or the other", async () => {
      const { one, three } = published;
      expect(await filtered(`${customers("is", one, three)}&filters[junction]=OR`)).toEqual([three.id, one.id]);
    });

    it("lists no publication that matches two contradictory filters", async () => {
      const { one, three } = published;
      expect(await filtered(`${customers("is", one, three)}&filters[junction]=AND`)).toEqual([]);
      expect(await filtered(customers("is", one, three))).toEqual([]);
    });
  });

  it("answers /health without keys", async () => {
    expect(await curl(`${server.url}/health`)).toEqual({ status: "ok" });
  });

  it("logs every request in JSON, and no code, no customer and no token", async () => {
    await curl(...KEYS, `${server.url}/v1/vouchers/NO-SUCH-CODE`);
    expect(server.lines.map((line): unknown => JSON.parse(line))).toContainEqual({
      time: expect.any(String),
      requestId: expect.stringMatching(/^v-[0-9a-f]{18}$/),
      method: "POST",
      route: "/v1/publications",
      status: 200,
      milliseconds: expect.any(Number),
      caller: "server",
    });
    const secrets = [
      "app-token",
      "WELCOME-2026",
      "NO-SUCH-CODE",
      "ann@example.test",
      "shop-4711",
      published.one.customer_id,
    ];
    for (const secret of [...secrets, ...published.two.vouchers, published.three.voucher.code])
      expect(server.lines.join("\n")).not.toContain(secret);
  });

  it("are all stored when the server starts again", async () => {
    const paths = ["publications", "vouchers", "campaigns", "customers"];
    const everything = () => Promise.all(paths.map((path) => curl(...KEYS, `${server.url}/v1/${path}`)));
    const before = await everything();
    expect(await server.stop()).toBe(0);
    server = await startServe("--database", database);
    expect(await everything()).toEqual(before);
  });
});

/** Sends the head of a request. The server then waits for the body. */
const sendHead = async (url: string, body: string, agent: Agent): Promise<ClientRequest> => {
  const headers = {
    "X-App-Id": "app",
    "X-App-Token": "app-token",
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Expect: "100-continue",
  };
  const clientRequest = request(`${url}/v1/publications`, { method: "POST", headers, agent });
  clientRequest.flushHeaders();
  await once(clientRequest, "continue");
  return clientRequest;
};

/** Stops a server during a request, and sends the rest of the request afterwards. */
const stopDuringRequest = async (database: string, agent: Agent) => {
  const server = await startServe("--database", database);
  await createVouchers(server.url);
  const body = JSON.stringify({ voucher: "WELCOME-2026", customer: ANN });
  const clientRequest = await sendHead(server.url, body, agent);
  const responseEvent = once(clientRequest, "response") as Promise<[IncomingMessage]>;
  const exitCode = server.stop();
  await expect.poll(() => server.lines.some((line) => line.includes('"stopping"'))).toBe(true);
  const refusal = await curl(`${server.url}/health`).catch((error: unknown) => error);
  clientRequest.end(body);
  const [response] = await responseEvent;
  const answer: unknown = JSON.parse(await text(response));
  return { url: server.url, refusal, status: response.statusCode, answer, exitCode };
};

describe("a server that stops", () => {
  it("accepts no more requests, answers the running ones, and exits with 0", async () => {
    const database = await newDatabasePath();
    const { refusal, status, answer, exitCode } = await stopDuringRequest(database, new Agent());
    expect({ refusal, status }).toMatchObject({ refusal: { code: 7 }, status: 200 });
    expect(answer).toMatchObject({ result: "SUCCESS", voucher: { code: "WELCOME-2026" } });
    expect(await exitCode).toBe(0);

    const newServer = await startServe("--database", database);
    expect(await curl(...KEYS, `${newServer.url}/v1/publications`)).toMatchObject({ total: 1 });
    expect(await newServer.stop()).toBe(0);
  });

  it("accepts no more requests on an idle connection, and does not wait for it", async () => {
    const agent = new Agent({ keepAlive: true });
    const { exitCode, url } = await stopDuringRequest(await newDatabasePath(), agent);
    const start = performance.now();
    const responseEvent = once(request(`${url}/health`, { agent }).end(), "response");
    const outcome = await responseEvent.then(
      () => "answered",
      ({ code }: NodeJS.ErrnoException) => code,
    );
    expect.soft(outcome).toMatch(/^ECONN(REFUSED|RESET)$/);
    expect(await exitCode).toBe(0);
    expect(performance.now() - start).toBeLessThan(3000);
    agent.destroy();
  });
});
