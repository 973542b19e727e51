import { type Kysely, sql } from "kysely";
import { UnusableDatabase } from "../migrations.ts";
import type { UnsafeSetting } from "../server/settings.ts";
import { type Flavour, MARIADB, MYSQL } from "./flavour.ts";

/** The values of settings on this connection, by name in lower case. */
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

/** `select @@name` would fail on a server without the setting. `show variables` leaves that setting out. */
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

/** The kind of server, and its unsafe settings. */
export interface ServerState {
  readonly flavour: Flavour;
  readonly unsafeSettings: readonly UnsafeSetting[];
}

/** The driver that sends the statements. */
export interface DriverKind {
  /** Whether the host has chosen the driver. Such a driver may write values into the text of statements. */
  readonly isHostDriver: boolean;
}

const NO_ESCAPES = "NO_BACKSLASH_ESCAPES";

/** A driver that writes values into statements escapes them with backslashes. In this mode, that is not safe. */
export const refuseNoEscapes = (mode: string): void => {
  if (mode.includes(NO_ESCAPES))
    throw new UnusableDatabase(
      `With sql_mode = ${NO_ESCAPES}, the driver of a Kysely dialect may escape values wrongly: pass a pool or a connection ` +
        `of mysql2, or remove ${NO_ESCAPES} from sql_mode`,
    );
};

/** Refuses a server on which the repository cannot work. */
const checkServer = (settingOf: (name: SettingName) => string, { isHostDriver }: DriverKind): void => {
  const product = settingOf("version").includes("MariaDB") ? "MariaDB" : "MySQL";
  // Some servers and proxies put this version before the real one.
  const version = settingOf("version").replace(/^5\.5\.5-/, "");
  if (isOlder(version, VERSION_MIN[product]))
    throw new UnusableDatabase(
      `This server is ${product} ${version}: ${VERSION_MIN[product].join(".")} or newer is needed`,
    );
  if (isOn(settingOf("read_only")) || isOn(settingOf("super_read_only")))
    throw new UnusableDatabase("This server is read-only (a replica, perhaps): connect to the primary");
  if (isOn(settingOf("wsrep_on")) && !isOn(settingOf("wsrep_ready")))
    throw new UnusableDatabase("This server has lost its cluster (wsrep_ready is off): connect to another server");
  if (settingOf("autocommit") !== "" && !isOn(settingOf("autocommit")))
    throw new UnusableDatabase("The connections have autocommit = 0, so that nothing would be committed: set it to 1");
  for (const name of ["character_set_client", "character_set_connection", "character_set_results"] as const)
    if (settingOf(name) !== "utf8mb4")
      throw new UnusableDatabase(
        `The connections have ${name} = ${settingOf(name)}, which cannot hold all text: use utf8mb4`,
      );
  if (isHostDriver) refuseNoEscapes(settingOf("sql_mode"));
};

const isOn = (value: string): boolean => value === "1" || value.toUpperCase() === "ON";

/** `wsrep_sync_wait` is a set of bits. The first bit is for reads. */
const waitsForReads = (bits: string): boolean => (Number(bits) & 1) === 1;

const PUBLISHED_TWICE = "published codes are available again, and are published a second time";

const unsafeSettings = (settingOf: (name: SettingName) => string): readonly UnsafeSetting[] => {
  const unless = (isSafe: boolean, setting: SettingName, consequence: string, fix: string): readonly UnsafeSetting[] =>
    isSafe ? [] : [{ setting, value: settingOf(setting), consequence, fix }];
  const flush = settingOf("innodb_flush_log_at_trx_commit");
  const crash = flush === "2" ? "a crash of the machine" : "a crash of the server, or of all servers of a cluster";
  return [
    ...unless(
      flush === "1" || flush === "3" || flush === "",
      "innodb_flush_log_at_trx_commit",
      `after ${crash}, ${PUBLISHED_TWICE}`,
      "set global innodb_flush_log_at_trx_commit = 1, and in the server's configuration",
    ),
    ...unless(
      settingOf("innodb_doublewrite") === "" || settingOf("innodb_doublewrite").toUpperCase() !== "OFF",
      "innodb_doublewrite",
      "a crash of the machine may leave pages half written, and the tables unreadable",
      "innodb_doublewrite = ON in the server's configuration",
    ),
    ...unless(
      settingOf("innodb_flush_method").toLowerCase() !== "nosync",
      "innodb_flush_method",
      `after a crash of the machine, ${PUBLISHED_TWICE}`,
      "innodb_flush_method = O_DIRECT in the server's configuration",
    ),
    ...unless(
      !isOn(settingOf("log_bin")) || settingOf("sync_binlog") === "1",
      "sync_binlog",
      `after a crash of the machine, ${PUBLISHED_TWICE}`,
      "set global sync_binlog = 1, and in the server's configuration",
    ),
    ...unless(
      !isOn(settingOf("log_bin")) || settingOf("binlog_format").toUpperCase() !== "STATEMENT",
      "binlog_format",
      "a replica may give a code to another customer than the primary did",
      "set global binlog_format = ROW, and in the server's configuration",
    ),
    ...unless(
      !isOn(settingOf("wsrep_on")) || waitsForReads(settingOf("wsrep_sync_wait")),
      "wsrep_sync_wait",
      "a publication confirmed by one server of the cluster may not be found on the next server yet, and a retry may be refused",
      "set global wsrep_sync_wait = 1, and in the configuration of each server",
    ),
  ];
};

/** Refuses a server on which the repository cannot work, and finds settings that would break a promise. */
export const serverState = async (db: Kysely<unknown>, driver: DriverKind): Promise<ServerState> => {
  const settings = await readSettings(db);
  const settingOf = (name: SettingName): string => settings.get(name) ?? "";
  checkServer(settingOf, driver);
  return {
    flavour: settingOf("version").includes("MariaDB") ? MARIADB : MYSQL,
    unsafeSettings: unsafeSettings(settingOf),
  };
};
