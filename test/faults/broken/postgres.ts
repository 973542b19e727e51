import { postgresRepository } from "oncecode/postgres";
import pg from "pg";
import type { ConnectionSource } from "./claims.ts";

export const postgresSource = (url: string): ConnectionSource => {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        query: async (text, values = []) => {
          let n = 0;
          const numbered = text.replaceAll("?", () => `$${++n}`);
          return (await client.query(numbered, [...values])).rows;
        },
        release: (isBroken) => client.release(isBroken),
      };
    },
    poolCondition: "",
    extraClaimColumns: (holder_id) => ({ holder_id }),
    isUniqueViolation: (thrown) => thrown instanceof pg.DatabaseError && thrown.code === "23505",
    open: async () => ({ ...(await postgresRepository({ pool, migrate: false })), close: async () => undefined }),
    close: () => pool.end(),
  };
};
