import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import autocannon from "autocannon";
import { startPostgres } from "../test/servers/postgres.ts";
import { CAMPAIGN, customerOf, median } from "./load.ts";

/**
 * The README's figures of the HTTP face: `npm run figures:http [-- FOLDER]`. Each server is a process of its own, and
 * this process loads it, so that both of two cores are busy. Rounds take turns, and the median is printed.
 */
const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 64;
const VOUCHERS = 100_000;

/** What is loaded, the kinds of `http-server.ts`. */
const TITLES: Readonly<Record<string, string>> = {
  bare: "a handler that only answers as many bytes",
  constant: "the handler, on an engine that always answers the same",
  memory: "memory",
  sqlite: "SQLite, FULL",
  normal: "SQLite, NORMAL",
  postgres: "PostgreSQL",
};

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const request = (i: number): string => JSON.stringify({ campaign: CAMPAIGN, customer: { source_id: customerOf(i) } });

let asked = 0;
const load = async (port: string): Promise<Round> => {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        method: "POST",
        path: "/v1/publications",
        headers: { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" },
        setupRequest: (one) => ({ ...one, body: request(asked++) }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return {
    perSecond: result["2xx"] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
};

/** Starts a server, loads it, and ends it. */
const round = async (kind: string, place: string): Promise<Round> => {
  const file = join(import.meta.dirname, "http-server.ts");
  const args = ["--conditions=dev-source", file, kind, place, String(VOUCHERS)];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = await once(createInterface(server.stdout), "line");
    return await load(String(port));
  } finally {
    server.kill();
    await once(server, "exit");
  }
};

const folder = await mkdtemp(join(process.argv[2] ?? ".", "oncecode-bench-"));
const postgres = await startPostgres({ settings: { shared_buffers: "256MB" } });
const rounds = new Map<string, Round[]>();
try {
  for (let i = 0; i < ROUNDS; i++) {
    const fresh = await mkdtemp(join(folder, "round-"));
    for (const kind of Object.keys(TITLES)) {
      const one = await round(kind, kind === "postgres" ? postgres.url : fresh);
      rounds.set(kind, [...(rounds.get(kind) ?? []), one]);
    }
  }
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true });
}

const of = (kind: string, figure: keyof Round): number => median((rounds.get(kind) ?? []).map((one) => one[figure]));
const constant = of("constant", "perSecond");

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${CONNECTIONS} connections\n`);
for (const kind of rounds.keys()) {
  const speed = of(kind, "perSecond");
  const share = ["bare", "constant"].includes(kind)
    ? ""
    : `${Math.round((100 * speed) / constant)} % of the time is HTTP and codecs`;
  const latency = `p50 ${of(kind, "p50")} ms, p99 ${of(kind, "p99")} ms`;
  console.log((TITLES[kind] ?? kind).padEnd(56), `${Math.round(speed)}/s`.padEnd(10), latency.padEnd(24), share);
}
