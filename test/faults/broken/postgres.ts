import { postgresRepository } from "oncecode/postgres";
import pg from "pg";
import type { Source } from "./claiming.ts";

export const postgresSource = (url: string): Source => {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        rows: async (text, values = []) => {
          let n = 0;
          const numbered = text.replaceAll("?", () => `$${++n}`);
          return (await client.query(numbered, [...values])).rows;
        },
        release: (isBroken) => client.release(isBroken),
      };
    },
    inPool: "",
    claimedFor: (holder_id) => ({ holder_id }),
    isTaken: (thrown) => thrown instanceof pg.DatabaseError && thrown.code === "23505",
    open: async () => ({ ...(await postgresRepository({ pool, migrate: false })), close: async () => undefined }),
    close: () => pool.end(),
  };
};
