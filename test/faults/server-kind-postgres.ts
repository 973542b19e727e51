import { postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { startPostgres } from "../support/servers/postgres.ts";
import { postgresSource } from "./broken/postgres.ts";
import type { ServerKind } from "./server-kind.ts";
import { postgresWire } from "./wire-postgres.ts";

export const postgresServerKind: ServerKind = {
  name: "PostgreSQL",
  start: startPostgres,
  open: async (url, { connections, isUnsafe = false }) => {
    const settings = { migrate: true, ...(isUnsafe ? { onUnsafe: () => undefined } : {}) };
    if (connections === undefined) return postgresRepository({ url, ...settings });
    const pool = new pg.Pool({ connectionString: url, max: connections });
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
    const repository = await postgresRepository({ pool, ...settings });
    return { ...repository, close: () => pool.end() };
  },
  query: async <Row>(url: string, text: string) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as readonly Row[];
    } finally {
      await client.end();
    }
  },
  openResourcesQuery: `select (
      (select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid())
      + (select count(*) from pg_locks where pid <> pg_backend_pid() and locktype <> 'virtualxid'
          and pid in (select pid from pg_stat_activity where backend_type = 'client backend'))
      + (select count(*) from pg_prepared_xacts))::int as "left"`,
  wire: postgresWire,
  lossySettings: { synchronous_commit: "off" },
  connectionLimitSettings: (connections) => ({
    max_connections: String(connections),
    superuser_reserved_connections: "0",
    max_wal_senders: "0",
  }),
  smallDiskSettings: { max_wal_size: "32MB", min_wal_size: "32MB", shared_buffers: "16MB" },
  dropUniqueConstraints: [
    "alter table oncecode_claims drop constraint oncecode_claims_pkey",
    "alter table oncecode_claims drop constraint oncecode_claims_code_key",
  ],
  connectionSource: postgresSource,
};
