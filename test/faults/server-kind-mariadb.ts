import { createConnection, createPool } from "mysql2/promise";
import { mysqlRepository } from "oncecode/mysql";
import { startMariadb } from "../support/servers/mariadb.ts";
import { mariadbSource } from "./broken/mariadb.ts";
import type { ServerKind } from "./server-kind.ts";
import { mysqlWire } from "./wire-mysql.ts";

export const mariadbServerKind: ServerKind = {
  name: "MariaDB",
  start: ({ settings = {}, ...options } = {}) =>
    startMariadb({ ...options, settings: Object.entries(settings).map(([name, value]) => `--${name}=${value}`) }),
  open: async (url, { connections, isUnsafe = false }) => {
    const settings = isUnsafe ? { onUnsafe: () => undefined } : {};
    if (connections === undefined) return mysqlRepository({ url, ...settings });
    const pool = createPool({ uri: url, connectionLimit: connections, charset: "utf8mb4_unicode_ci" });
    const repository = await mysqlRepository({ pool: pool.pool, ...settings });
    return { ...repository, close: () => pool.end() };
  },
  query: async <Row>(url: string, text: string) => {
    const connection = await createConnection(url);
    connection.on("error", () => undefined);
    try {
      const [rows] = await connection.query(text);
      return rows as unknown as readonly Row[];
    } finally {
      connection.destroy();
    }
  },
  openResourcesQuery: `select (
      (select count(*) from information_schema.processlist where user = 'root' and id <> connection_id())
      + (select count(*) from information_schema.innodb_trx where trx_mysql_thread_id <> connection_id())) as \`left\``,
  wire: mysqlWire,
  lossySettings: { "innodb-flush-log-at-trx-commit": "0" },
  connectionLimitSettings: (connections) => ({ "max-connections": String(connections), "extra-max-connections": "1" }),
  smallDiskSettings: { "innodb-log-file-size": "16M" },
  dropUniqueConstraints: [
    "alter table oncecode_claims drop primary key",
    "alter table oncecode_claims drop index by_code",
  ],
  connectionSource: mariadbSource,
};
