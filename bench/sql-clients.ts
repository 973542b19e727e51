import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import pg from "pg";

/** A way to the tables of a store, to fill them with more rows than any engine would in a reasonable time. */
export interface SqlClient {
  /** How the table of publications is called, and so on. */
  table(name: "publications" | "vouchers" | "customers" | "campaigns"): string;
  /** A table with the numbers from 1 on, in its only column `n`: what comes after `from`. */
  numbers(count: number): string;
  /** The `n`th second of 2026, as it is stored. */
  readonly instant: string;
  /** `n` divided by a whole number, without a rest. */
  integerQuotient(by: number): string;
  /** How the column of that name is written, which is a word of some dialects. */
  readonly rankColumn: string;
  run(sql: string): Promise<void>;
  /** Has the server count what was loaded, and bring it to the disk. */
  analyzeAndFlush(): Promise<void>;
  /** Sends a statement with values: what a plain insert is. */
  insert(sql: string, values: readonly (string | number | null)[]): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, string | number | null>>[]>;
  /** What stands for the `n`th value of a statement, counted from 0. */
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

/** MariaDB has no word for a checkpoint, but writes the pages of tables that somebody wants to copy. */
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
