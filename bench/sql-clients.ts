import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import pg from "pg";

/** Direct access to the tables of a store. It adds rows faster than the engine could. */
export interface SqlClient {
  /** The name of a table, quoted. */
  table(name: "publications" | "vouchers" | "customers" | "campaigns"): string;
  /** SQL after `from`: the numbers from 1 to `count`, in the column `n`. */
  numbers(count: number): string;
  /** SQL for the `n`th second of 2026, in the stored format. */
  readonly instant: string;
  /** SQL for the integer quotient of `n`. */
  integerQuotient(by: number): string;
  /** The column `rank`, quoted: it is a keyword in some dialects. */
  readonly rankColumn: string;
  run(sql: string): Promise<void>;
  /** Updates the statistics of the tables, and writes everything to the disk. */
  analyzeAndFlush(): Promise<void>;
  /** Runs an insert with values. */
  insert(sql: string, values: readonly (string | number | null)[]): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, string | number | null>>[]>;
  /** The placeholder of the `n`th value, from 0. */
  placeholder(n: number): string;
  close(): Promise<void>;
}

type Rows = Awaited<ReturnType<SqlClient["rows"]>>;

export const sqliteClient = (filename: string): SqlClient => {
  const open = (): DatabaseSync => new DatabaseSync(filename, { timeout: 60_000 });
  const withDatabase = <T>(work: (db: DatabaseSync) => T): T => {
    const db = open();
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  let insertConnection: DatabaseSync | null = null;
  return {
    table: (name) => `oncecode_${name}`,
    numbers: (count) =>
      `(with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count}) select n from numbers)`,
    rankColumn: "rank",
    integerQuotient: (by) => `n / ${by}`,
    instant: "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 + n, 'unixepoch')",
    run: async (sql) => withDatabase((db) => db.exec(sql)),
    analyzeAndFlush: async () =>
      withDatabase((db) => db.exec("pragma optimize = 0x10002; pragma wal_checkpoint(truncate)")),
    insert: async (sql, values) => {
      insertConnection ??= open();
      insertConnection.prepare(sql).run(...values);
    },
    rows: async (sql) => withDatabase((db) => db.prepare(sql).all() as unknown as Rows),
    placeholder: () => "?",
    close: async () => insertConnection?.close(),
  };
};

export const postgresClient = async (url: string, schema: string): Promise<SqlClient> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    table: (name) => `${schema}.oncecode_${name}`,
    numbers: (count) => `generate_series(1, ${count}) as numbers (n)`,
    rankColumn: "rank",
    integerQuotient: (by) => `n / ${by}`,
    instant: `to_char(timestamp '2026-01-01' + n * interval '1 s', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`,
    run: async (sql) => void (await client.query(sql)),
    analyzeAndFlush: async () => {
      for (const command of ["vacuum analyze", "checkpoint"]) await client.query(command);
    },
    insert: async (sql, values) => void (await client.query(sql, [...values])),
    rows: async (sql) => (await client.query(sql)).rows,
    placeholder: (n) => `$${n + 1}`,
    close: () => client.end(),
  };
};

/** MariaDB has no statement for a checkpoint. `flush tables … for export` writes the pages of the tables. */
export const mariadbFlushStatements = (tables: readonly string[]): readonly string[] => [
  `analyze table ${tables.join()}`,
  `flush tables ${tables.join()} for export`,
  "unlock tables",
];

export const mariadbClient = async (url: string, database: string): Promise<SqlClient & { readonly url: string }> => {
  const admin = await createConnection({ uri: url });
  await admin.query(`create database ${database}`);
  await admin.end();
  const databaseUrl = new URL(url);
  databaseUrl.pathname = database;
  const connection = await createConnection({ uri: databaseUrl.href });
  await connection.query("set session sql_mode = concat(@@sql_mode, ',PIPES_AS_CONCAT')");
  const tables = ["publications", "vouchers", "customers", "campaigns"].map((name) => `oncecode_${name}`);
  return {
    url: databaseUrl.href,
    table: (name) => `oncecode_${name}`,
    numbers: (count) => `(select seq as n from seq_1_to_${count}) as numbers`,
    rankColumn: "`rank`",
    integerQuotient: (by) => `n div ${by}`,
    instant: "date_format(timestampadd(second, n, '2026-01-01'), '%Y-%m-%dT%H:%i:%s.000Z')",
    run: async (sql) => void (await connection.query(sql)),
    analyzeAndFlush: async () => {
      for (const command of mariadbFlushStatements(tables)) await connection.query(command);
    },
    insert: async (sql, values) => void (await connection.query(sql, [...values])),
    rows: async (sql) => (await connection.query(sql))[0] as Rows,
    placeholder: () => "?",
    close: () => connection.end(),
  };
};
