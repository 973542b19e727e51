import { createPool } from "mysql2/promise";
import { mysqlRepository } from "oncecode/mysql";
import type { ConnectionSource } from "./claims.ts";

export const mariadbSource = async (url: string): Promise<ConnectionSource> => {
  const pool = createPool({ uri: url, connectionLimit: 16, charset: "utf8mb4_unicode_ci" });
  pool.on("connection", (connection) => {
    connection.on("error", () => undefined);
    connection.query("set session transaction isolation level read committed");
  });
  return {
    connect: async () => {
      const connection = await pool.getConnection();
      return {
        query: async <Row>(text: string, values: readonly unknown[] = []) => {
          const [rows] = await connection.query(text, [...values]);
          return rows as unknown as readonly Row[];
        },
        release: (isBroken) => (isBroken ? connection.destroy() : connection.release()),
      };
    },
    poolCondition: "and set_aside = 0",
    extraClaimColumns: () => ({}),
    isUniqueViolation: (thrown) => thrown instanceof Error && "errno" in thrown && thrown.errno === 1062,
    open: () => mysqlRepository({ url, migrate: false }),
    close: () => pool.end(),
  };
};
