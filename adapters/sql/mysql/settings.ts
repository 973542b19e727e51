import { type Kysely, sql } from "kysely";
import { UnusableDatabase } from "../migrations.ts";
import type { UnsafeSetting } from "../server/settings.ts";
import { type Flavour, MARIADB, MYSQL } from "./input-lists.ts";

/** What a server says of itself: settings as this connection has them, in lower case. */
type Settings = ReadonlyMap<string, string>;

const SETTING_NAMES = [
  "autocommit",
  "binlog_format",
  "character_set_client",
  "character_set_connection",
  "character_set_results",
  "innodb_doublewrite",
  "innodb_flush_log_at_trx_commit",
  "innodb_flush_method",
  "log_bin",
  "read_only",
  "sql_mode",
  "super_read_only",
  "sync_binlog",
  "version",
  "wsrep_on",
  "wsrep_ready",
  "wsrep_sync_wait",
] as const;
type SettingName = (typeof SETTING_NAMES)[number];

/** Asked for by name, since a server that has no such setting would refuse a statement with it. */
const readSettings = async (db: Kysely<unknown>): Promise<Settings> => {
  const names = sql.join(SETTING_NAMES.map((name) => sql.lit(name)));
  type Row = { readonly Variable_name: string; readonly Value: string };
  const { rows } = await sql<Row>`show variables where variable_name in (${names})`.execute(db);
  const { rows: states } = await sql<Row>`show status where variable_name in (${names})`.execute(db);
  return new Map([...rows, ...states].map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
};

const VERSION_MIN = { MariaDB: [10, 6, 0], MySQL: [8, 0, 17] } as const;

const isOlder = (version: string, [major, minor, patch]: readonly [number, number, number]): boolean => {
  const [a = 0, b = 0, c = 0] = version.split(/[.-]/).map(Number);
  return a !== major ? a < major : b !== minor ? b < minor : c < patch;
};

/** What a server is, and how it is set up. */
export interface ServerState {
  readonly flavour: Flavour;
  readonly unsafe: readonly UnsafeSetting[];
}

/** How values are sent. */
export interface SqlMode {
  /** Whether by a driver of the host's choice, which may write them into the text of statements. */
  readonly isHosts: boolean;
}

const NO_ESCAPES = "NO_BACKSLASH_ESCAPES";

/** A driver that writes values into statements does so as if there were no such mode. */
export const refuseNoEscapes = (mode: string): void => {
  if (mode.includes(NO_ESCAPES))
    throw new UnusableDatabase(
      `With sql_mode = ${NO_ESCAPES}, the driver of a Kysely dialect may write values wrongly: hand in a pool of mysql2, ` +
        "or a connection, or take it out of sql_mode",
    );
};

/** Refuses a server on which nothing would work. */
const checkServer = (of: (name: SettingName) => string, { isHosts }: SqlMode): void => {
  const product = of("version").includes("MariaDB") ? "MariaDB" : "MySQL";
  // Some proxies put a version before the real one.
  const version = of("version").replace(/^5\.5\.5-/, "");
  if (isOlder(version, VERSION_MIN[product]))
    throw new UnusableDatabase(
      `This server is ${product} ${version}: ${VERSION_MIN[product].join(".")} or newer is needed`,
    );
  if (isOn(of("read_only")) || isOn(of("super_read_only")))
    throw new UnusableDatabase("This server is read-only (a replica, perhaps): connect to the primary");
  if (isOn(of("wsrep_on")) && !isOn(of("wsrep_ready")))
    throw new UnusableDatabase(
      "This server has lost touch with its cluster (wsrep_ready is off): connect to another one",
    );
  if (of("autocommit") !== "" && !isOn(of("autocommit")))
    throw new UnusableDatabase("The connections have autocommit = 0, so that nothing would be kept: set it to 1");
  for (const name of ["character_set_client", "character_set_connection", "character_set_results"] as const)
    if (of(name) !== "utf8mb4")
      throw new UnusableDatabase(`The connections have ${name} = ${of(name)}, which cannot hold all text: use utf8mb4`);
  if (isHosts) refuseNoEscapes(of("sql_mode"));
};

const isOn = (value: string): boolean => value === "1" || value.toUpperCase() === "ON";

/** A set of bits, of which the first stands for reads. */
const waitsForReads = (bits: string): boolean => (Number(bits) & 1) === 1;

const CODES_GIVEN_TWICE = "codes that were given out are available again, and go out a second time";

const unsafeSettings = (of: (name: SettingName) => string): readonly UnsafeSetting[] => {
  const unless = (isSafe: boolean, setting: SettingName, breaks: string, fix: string): readonly UnsafeSetting[] =>
    isSafe ? [] : [{ setting, value: of(setting), breaks, fix }];
  const flush = of("innodb_flush_log_at_trx_commit");
  const flushed = flush === "2" ? "a crash of the machine" : "a crash of the server, or of all servers of a cluster";
  return [
    ...unless(
      flush === "1" || flush === "3" || flush === "",
      "innodb_flush_log_at_trx_commit",
      `after ${flushed}, ${CODES_GIVEN_TWICE}`,
      "set global innodb_flush_log_at_trx_commit = 1, and in the server's configuration",
    ),
    ...unless(
      of("innodb_doublewrite") === "" || of("innodb_doublewrite").toUpperCase() !== "OFF",
      "innodb_doublewrite",
      "a crash of the machine may leave pages half written, and the tables unreadable",
      "innodb_doublewrite = ON in the server's configuration",
    ),
    ...unless(
      of("innodb_flush_method").toLowerCase() !== "nosync",
      "innodb_flush_method",
      `after a crash of the machine, ${CODES_GIVEN_TWICE}`,
      "innodb_flush_method = O_DIRECT in the server's configuration",
    ),
    ...unless(
      !isOn(of("log_bin")) || of("sync_binlog") === "1",
      "sync_binlog",
      `after a crash of the machine, ${CODES_GIVEN_TWICE}`,
      "set global sync_binlog = 1, and in the server's configuration",
    ),
    ...unless(
      !isOn(of("log_bin")) || of("binlog_format").toUpperCase() !== "STATEMENT",
      "binlog_format",
      "replicas may give a code to somebody else than the primary did",
      "set global binlog_format = ROW, and in the server's configuration",
    ),
    ...unless(
      !isOn(of("wsrep_on")) || waitsForReads(of("wsrep_sync_wait")),
      "wsrep_sync_wait",
      "what was confirmed at one server of the cluster may not be found at the next one yet, and a repeat be refused",
      "set global wsrep_sync_wait = 1, and in the configuration of each server",
    ),
  ];
};

/** Refuses a server on which nothing would work, and says under which of its settings a promise does not hold. */
export const serverState = async (db: Kysely<unknown>, speaking: SqlMode): Promise<ServerState> => {
  const settings = await readSettings(db);
  const of = (name: SettingName): string => settings.get(name) ?? "";
  checkServer(of, speaking);
  return { flavour: of("version").includes("MariaDB") ? MARIADB : MYSQL, unsafe: unsafeSettings(of) };
};
