import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request as sendRequest } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { sqliteRepository } from "oncecode/sqlite";
import type { Databases } from "../databases.ts";
import { CAMPAIGN, tallyOf } from "./oncecode.ts";
import { publishOneByOne, type Request, type Subject } from "./subject.ts";

const HEADERS = { "X-App-Id": "app", "X-App-Token": "app-token", "Content-Type": "application/json" };

const bodyOf = ({ customer, sourceId, count, code }: Request): string =>
  JSON.stringify({
    ...(code === null ? { campaign: { name: CAMPAIGN, count } } : { voucher: code }),
    customer: { source_id: customer },
    source_id: sourceId,
  });

interface ResponseBody {
  readonly voucher?: { readonly code: string };
  readonly vouchers?: readonly string[];
}

const codesIn = ({ voucher, vouchers = [] }: ResponseBody): readonly string[] =>
  voucher === undefined ? vouchers : [voucher.code];

/** The engine on SQLite behind HTTP, in its own process, over connections that stay open. */
export const oncecodeOverHttp = (databases: Databases): Subject => ({
  name: "oncecode",
  batchSize: 1,
  mayRepeatCodes: false,
  open: async ({ vouchers, callersMax }) => {
    const filename = join(await databases.folder(), "http.db");
    const file = join(import.meta.dirname, "http-server.ts");
    const args = ["--conditions=dev-source", file, filename, String(vouchers)];
    const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const serverExit = once(server, "exit").then(([status]) => {
      throw new Error(`The server ended with ${status} before it listened`);
    });
    const [port] = await Promise.race([once(createInterface(server.stdout), "line"), serverExit]);
    const agent = new Agent({ keepAlive: true, maxSockets: callersMax });
    const options = { host: "127.0.0.1", port: Number(port), path: "/v1/publications", method: "POST", agent };

    const publishOne = (publication: Request): Promise<readonly string[]> =>
      new Promise((resolve, reject) => {
        const body = bodyOf(publication);
        const headers = { ...HEADERS, "Content-Length": Buffer.byteLength(body) };
        const clientRequest = sendRequest({ ...options, headers }, async (response) => {
          try {
            const answer = await text(response);
            if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${answer}`);
            resolve(codesIn(JSON.parse(answer)));
          } catch (thrown) {
            reject(thrown);
          }
        });
        clientRequest.on("error", reject);
        clientRequest.end(body);
      });
    /** The server stops before the codes are counted, so that the file cannot change meanwhile. */
    const stop = async (): Promise<void> => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill();
      await once(server, "exit");
    };
    return {
      codes: async () => {
        throw new Error("The benchmark over HTTP names no vouchers");
      },
      publish: publishOneByOne(publishOne),
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
