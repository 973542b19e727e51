import { sql } from "kysely";
import { UnusableDatabase } from "../migrations.ts";
import type { Session } from "../server/database.ts";
import type { UnsafeSetting } from "../server/settings.ts";

interface Settings {
  readonly version: number;
  readonly encoding: string;
  readonly in_recovery: boolean;
  readonly read_only: string | null;
  readonly synchronous_commit: string | null;
  readonly standbys: string | null;
  readonly fsync: string | null;
  readonly full_page_writes: string | null;
}

const VERSION_MIN = 140_000;

const SETTING_NAMES: Readonly<Record<string, string>> = {
  read_only: "transaction_read_only",
  synchronous_commit: "synchronous_commit",
  standbys: "synchronous_standby_names",
  fsync: "fsync",
  full_page_writes: "full_page_writes",
};

const readSettings = async (session: Session): Promise<Settings> => {
  const columns = Object.entries(SETTING_NAMES).map(
    ([name, setting]) => sql`current_setting(${setting}, true) as ${sql.ref(name)}`,
  );
  const { rows } = await sql<Settings>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as in_recovery, ${sql.join(columns)}`.execute(session);
  const [settings] = rows;
  if (settings === undefined) throw new Error("PostgreSQL returned no settings");
  return settings;
};

/** Throws if the server cannot be used at all. */
const checkServer = ({ version, encoding, in_recovery, read_only }: Settings): void => {
  if (Number(version) < VERSION_MIN)
    throw new UnusableDatabase(
      `This server is PostgreSQL ${Math.floor(Number(version) / 10_000)}: 14 or newer is needed`,
    );
  if (encoding !== "UTF8")
    throw new UnusableDatabase(
      `This database has encoding ${encoding}, which cannot hold all text: create one with UTF8`,
    );
  if (in_recovery || read_only === "on")
    throw new UnusableDatabase(
      "This server is read-only (a standby, or default_transaction_read_only is on): connect to the primary",
    );
};

const CODES_PUBLISHED_TWICE = "published codes are available again, and are published a second time";

/** With these values the server confirms a commit before a synchronous standby has it on disk. */
const CONFIRMS_BEFORE_STANDBY: ReadonlySet<string | null> = new Set(["local", "remote_write"]);

/** Reads the settings that break a promise of oncecode. */
export const readUnsafeSettings = async (session: Session): Promise<readonly UnsafeSetting[]> => {
  const settings = await readSettings(session);
  checkServer(settings);
  const { synchronous_commit, fsync, full_page_writes, standbys } = settings;
  const unsafeUnless = (
    isSafe: boolean,
    setting: string,
    value: string | null,
    when: string,
    fix: string,
  ): readonly UnsafeSetting[] =>
    isSafe || value === null ? [] : [{ setting, value, consequence: `after ${when}, ${CODES_PUBLISHED_TWICE}`, fix }];
  const unsafeIfOff = (setting: string, value: string | null, fix: string): readonly UnsafeSetting[] =>
    unsafeUnless(value !== "off", setting, value, "a crash of the server", fix);
  const hasStandbys = standbys !== null && standbys !== "";
  const synchronousCommitFix = "alter role … set synchronous_commit = on";
  return [
    ...unsafeIfOff("synchronous_commit", synchronous_commit, synchronousCommitFix),
    ...unsafeUnless(
      !(hasStandbys && CONFIRMS_BEFORE_STANDBY.has(synchronous_commit)),
      "synchronous_commit",
      synchronous_commit,
      "a failover",
      synchronousCommitFix,
    ),
    ...unsafeIfOff("fsync", fsync, "alter system set fsync = on, and reload"),
    ...unsafeIfOff("full_page_writes", full_page_writes, "alter system set full_page_writes = on, and reload"),
  ];
};
