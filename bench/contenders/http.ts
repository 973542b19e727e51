import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request as ask } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { sqliteRepository } from "oncecode/sqlite";
import type { Places } from "../places.ts";
import { type Contender, eachAlone, type Request } from "./contender.ts";
import { CAMPAIGN, tallyOf } from "./oncecode.ts";

const HEADERS = { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" };

const bodyOf = ({ customer, sourceId, count, code }: Request): string =>
  JSON.stringify({
    ...(code === null ? { campaign: { name: CAMPAIGN, count } } : { voucher: code }),
    customer: { source_id: customer },
    source_id: sourceId,
  });

interface Answer {
  readonly voucher?: { readonly code: string };
  readonly vouchers?: readonly string[];
}

const codesIn = ({ voucher, vouchers = [] }: Answer): readonly string[] =>
  voucher === undefined ? vouchers : [voucher.code];

/** The engine on SQLite behind HTTP, in a process of its own, asked over connections that stay open. */
export const overHttp = (places: Places): Contender => ({
  name: "oncecode",
  batch: 1,
  givesTwice: false,
  open: async ({ vouchers, callersMax }) => {
    const filename = join(await places.folder(), "http.db");
    const file = join(import.meta.dirname, "http-server.ts");
    const args = ["--conditions=dev-source", file, filename, String(vouchers)];
    const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const gone = once(server, "exit").then(([status]) => {
      throw new Error(`The server ended with ${status} before it listened`);
    });
    const [port] = await Promise.race([once(createInterface(server.stdout), "line"), gone]);
    const agent = new Agent({ keepAlive: true, maxSockets: callersMax });
    const options = { host: "127.0.0.1", port: Number(port), path: "/v1/publications", method: "POST", agent };

    const publish = (one: Request): Promise<readonly string[]> =>
      new Promise((resolve, reject) => {
        const body = bodyOf(one);
        const headers = { ...HEADERS, "Content-Length": Buffer.byteLength(body) };
        const sent = ask({ ...options, headers }, async (response) => {
          try {
            const answer = await text(response);
            if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${answer}`);
            resolve(codesIn(JSON.parse(answer)));
          } catch (thrown) {
            reject(thrown);
          }
        });
        sent.on("error", reject);
        sent.end(body);
      });
    /** The file has one process at a time here: what is asked of it directly is asked when the server is gone. */
    const stop = async (): Promise<void> => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill();
      await once(server, "exit");
    };
    return {
      codes: async () => {
        throw new Error("Over HTTP, no voucher is named here");
      },
      publish: eachAlone(publish),
      tally: async () => {
        await stop();
        const repository = await sqliteRepository({ filename });
        return tallyOf(repository).finally(() => repository.close());
      },
      close: async () => {
        agent.destroy();
        await stop();
      },
    };
  },
});
