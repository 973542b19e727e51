import { sql } from "kysely";
import type { Session } from "../server/database.ts";
import type { UnsafeSetting } from "../server/safety.ts";
import { Unfit } from "../unfit.ts";

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

const OLDEST = 140_000;

const READ: Readonly<Record<string, string>> = {
  read_only: "transaction_read_only",
  synchronous_commit: "synchronous_commit",
  standbys: "synchronous_standby_names",
  fsync: "fsync",
  full_page_writes: "full_page_writes",
};

const settingsOf = async (session: Session): Promise<Settings> => {
  const read = Object.entries(READ).map(
    ([name, setting]) => sql`current_setting(${setting}, true) as ${sql.ref(name)}`,
  );
  const { rows } = await sql<Settings>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as in_recovery, ${sql.join(read)}`.execute(session);
  const [settings] = rows;
  if (settings === undefined) throw new Error("PostgreSQL does not say how it is set up");
  return settings;
};

/** Refuses a server on which nothing would work. */
const checkServer = ({ version, encoding, in_recovery, read_only }: Settings): void => {
  if (Number(version) < OLDEST)
    throw new Unfit(`This server is PostgreSQL ${Math.floor(Number(version) / 10_000)}: 14 or newer is needed`);
  if (encoding !== "UTF8")
    throw new Unfit(`This database has encoding ${encoding}, which cannot hold all text: create one with UTF8`);
  if (in_recovery || read_only === "on")
    throw new Unfit(
      "This server is read-only (a standby, or default_transaction_read_only is on): connect to the primary",
    );
};

const LOST = "codes that were given out are available again, and go out a second time";

/** Confirmed before a synchronous standby has it, or has it on disk. */
const HASTY: ReadonlySet<string | null> = new Set(["local", "remote_write"]);

/** The settings under which a promise does not hold. */
export const unsafeSettings = async (session: Session): Promise<readonly UnsafeSetting[]> => {
  const settings = await settingsOf(session);
  checkServer(settings);
  const { synchronous_commit, fsync, full_page_writes, standbys } = settings;
  const unless = (
    isSafe: boolean,
    setting: string,
    value: string | null,
    when: string,
    fix: string,
  ): readonly UnsafeSetting[] =>
    isSafe || value === null ? [] : [{ setting, value, breaks: `after ${when}, ${LOST}`, fix }];
  const off = (setting: string, value: string | null, fix: string): readonly UnsafeSetting[] =>
    unless(value !== "off", setting, value, "a crash of the server", fix);
  const hasStandbys = standbys !== null && standbys !== "";
  const waiting = "alter role … set synchronous_commit = on";
  return [
    ...off("synchronous_commit", synchronous_commit, waiting),
    ...unless(
      !(hasStandbys && HASTY.has(synchronous_commit)),
      "synchronous_commit",
      synchronous_commit,
      "a failover",
      waiting,
    ),
    ...off("fsync", fsync, "alter system set fsync = on, and reload"),
    ...off("full_page_writes", full_page_writes, "alter system set full_page_writes = on, and reload"),
  ];
};
