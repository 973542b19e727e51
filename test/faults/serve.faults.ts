import { describe, expect, it } from "vitest";
import { APP_HEADERS } from "../support/http-api.ts";
import { type ServeProcess, startServe } from "../support/serve-process.ts";
import { mariadbBinary, startMariadb } from "../support/servers/mariadb.ts";
import { startPostgres } from "../support/servers/postgres.ts";
import type { Server } from "../support/servers/server.ts";

const requestJson = async ({ url }: ServeProcess, path: string, body?: object): Promise<unknown> => {
  const headers = { ...APP_HEADERS, "Content-Type": "application/json" };
  const response = await fetch(
    url + path,
    body ? { headers, method: "POST", body: JSON.stringify(body) } : { headers },
  );
  return { status: response.status, body: await response.json() };
};

const expectPublishing = async (server: ServeProcess): Promise<void> => {
  const voucher = { discount: { type: "PERCENT", percent_off: 10 } };
  expect(await requestJson(server, "/health")).toEqual({ status: 200, body: { status: "ok" } });
  expect(await requestJson(server, "/v1/campaigns", { name: "autumn", type: "AUTO_UPDATE", voucher })).toMatchObject({
    status: 200,
  });
  const published = await requestJson(server, "/v1/publications", {
    campaign: { name: "autumn", count: 2 },
    customer: "ann",
  });
  expect(published).toMatchObject({ status: 200, body: { vouchers: [expect.any(String), expect.any(String)] } });
  expect(await requestJson(server, "/v1/publications")).toMatchObject({ status: 200, body: { total: 1 } });
};

describe.concurrent("oncecode serve", () => {
  const kinds: readonly (readonly [string, (() => Promise<Server>) | null])[] = [
    ["PostgreSQL", () => startPostgres()],
    ["MariaDB", mariadbBinary() === null ? null : () => startMariadb()],
  ];

  it.each(kinds.filter(([, start]) => start !== null))(
    "serves a database on %s, and reports when it is down",
    async (_, start) => {
      const database = await start?.();
      const server = await startServe("--url", database?.url ?? "");
      await expectPublishing(server);
      await database?.stop();
      const answers = await Promise.all(["/health", "/v1/publications"].map((path) => requestJson(server, path)));
      expect(answers).toMatchObject([
        { status: 503, body: { status: "storage_failed" } },
        { status: 503, body: { key: "storage_failed" } },
      ]);
      const errors = server.lines.map((line): object => JSON.parse(line)).filter((entry) => "error" in entry);
      expect(errors).toMatchObject([{ error: "storage_failed", cause: expect.stringContaining("ECONNREFUSED") }]);
      expect(await server.stop()).toBe(0);
    },
  );
});
