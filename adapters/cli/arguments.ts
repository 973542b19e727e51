import { type ParseArgsConfig, parseArgs } from "node:util";
import { parseServeOptions, SERVE_DEFAULTS, type ServeOptions } from "./serve-options.ts";
import { UsageError } from "./terminal.ts";

export interface DemoOptions {
  /** By default, the lists that come with the package. */
  readonly codes: string | undefined;
  readonly customers: string | undefined;
  /** By default, a new file in a temporary folder. */
  readonly database: string | undefined;
  readonly callers: number;
}

export interface MigrateOptions {
  readonly url: string;
  readonly prefix: string | undefined;
  readonly schema: string | undefined;
}

export type Command =
  | { readonly type: "help" | "version" }
  | { readonly type: "demo"; readonly options: DemoOptions }
  | { readonly type: "migrate"; readonly options: MigrateOptions }
  | { readonly type: "serve"; readonly options: ServeOptions };

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  codes: { type: "string" },
  customers: { type: "string" },
  database: { type: "string" },
  callers: { type: "string" },
  url: { type: "string" },
  prefix: { type: "string" },
  schema: { type: "string" },
  "app-id": { type: "string" },
  "app-token": { type: "string" },
  integration: { type: "boolean" },
  "client-id": { type: "string" },
  "client-token": { type: "string" },
  origin: { type: "string", multiple: true },
  host: { type: "string" },
  port: { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** The options that each command takes. */
const COMMANDS = {
  demo: ["codes", "customers", "database", "callers"],
  migrate: ["url", "prefix", "schema"],
  serve: [
    "database",
    "url",
    "app-id",
    "app-token",
    "integration",
    "client-id",
    "client-token",
    "origin",
    "host",
    "port",
  ],
} as const;
const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
const CALLERS_DEFAULT = 64;
const CALLERS_MAX = 10_000;

const parseCallers = (text: string | undefined): number => {
  if (text === undefined) return CALLERS_DEFAULT;
  const callers = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (callers >= 1 && callers <= CALLERS_MAX) return callers;
  throw new UsageError(`--callers must be a whole number from 1 to ${CALLERS_MAX}, not "${text}"`);
};

const parseOptions = (args: readonly string[]): ReturnType<typeof parseStrict> => {
  try {
    return parseStrict(args);
  } catch (error) {
    // Node's message has several sentences. The first one says what is wrong.
    const [first = ""] = String(error instanceof Error ? error.message : error).split(/[.\n] ?/);
    throw new UsageError(`${first}: see oncecode --help`);
  }
};

const parseStrict = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });

/** Parses the command line. Throws a `UsageError` if it is wrong. */
export const parseCommand = (args: readonly string[], env: Environment = {}): Command => {
  const { values, positionals } = parseOptions(args);
  const [command, extraArgument] = positionals;
  if (values.help === true) return { type: "help" };
  if (values.version === true) return { type: "version" };
  if (command === undefined && args.length === 0) return { type: "help" };
  if (command === undefined || !isCommand(command))
    throw new UsageError(
      `${command === undefined ? "no command" : `unknown command "${command}"`}: use ${Object.keys(COMMANDS).join(", ")}`,
    );
  if (extraArgument !== undefined) throw new UsageError(`${command} takes no "${extraArgument}": see oncecode --help`);
  const allowedOptions: readonly string[] = COMMANDS[command];
  for (const [name, value] of Object.entries(values)) {
    if (!allowedOptions.includes(name)) throw new UsageError(`${command} takes no --${name}: see oncecode --help`);
    if (value === "") throw new UsageError(`--${name} needs a value: see oncecode --help`);
  }
  switch (command) {
    case "demo":
      return demoCommand(values);
    case "migrate":
      return migrateCommand(values);
    case "serve":
      return { type: "serve", options: parseServeOptions(values, env) };
  }
};

type Environment = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof parseStrict>["values"];

const demoCommand = ({ codes, customers, database, callers }: Values): Command => ({
  type: "demo",
  options: { codes, customers, database, callers: parseCallers(callers) },
});

const migrateCommand = ({ url, prefix, schema }: Values): Command => {
  if (url === undefined) throw new UsageError("migrate needs --url, such as --url postgres://user@host/database");
  return { type: "migrate", options: { url, prefix, schema } };
};

export const HELP: string = `oncecode gives each customer a code, and never the same code to two customers.

Usage
  oncecode demo [options]   imports a list of codes, publishes them to a list of customers
                            at the same time, and checks the database afterwards
  oncecode migrate --url URL
                            creates or updates the tables in a PostgreSQL, MySQL or MariaDB database
  oncecode serve [options]  serves the HTTP API, for a first try; needs hono, @hono/node-server and qs
  oncecode --help           prints this text
  oncecode --version        prints the version

Options of demo
  --codes FILE              CSV with a column code; also expires (2039-12-31) and note
  --customers FILE          CSV with a column source_id; also name, email, city, tier, channel
  --database FILE           SQLite file to use (a new file in a temporary folder)
  --callers N               number of concurrent callers (${CALLERS_DEFAULT})

Options of migrate
  --url URL                 postgres://user:password@host/database, or mysql://…
  --prefix PREFIX           start of the names of the tables (oncecode_)
  --schema SCHEMA           PostgreSQL schema of the tables; created if it does not exist

Options of serve
  --database FILE           SQLite file (${SERVE_DEFAULTS.database}); created if it does not exist
  --url URL                 instead of a file: postgres://user:password@host/database, or mysql://…
  --app-id ID               the key that callers send in X-App-Id; or set ONCECODE_APP_ID
  --app-token TOKEN         the token that they send in X-App-Token; or set ONCECODE_APP_TOKEN
  --integration             this key may also publish by GET
  --client-id ID            a key for web pages (X-Client-Application-Id); needs a token and an origin
  --client-token TOKEN      its token (X-Client-Token); or set ONCECODE_CLIENT_TOKEN
  --origin ORIGIN           origin of those pages, such as https://shop.example; can be repeated
  --host HOST               address to listen on (${SERVE_DEFAULTS.host}, this machine only)
  --port PORT               port to listen on (${SERVE_DEFAULTS.port}); 0 for any free port

Lists are in UTF-8, with commas or semicolons. The first line names the columns; other columns are ignored.
Exit code 0: success; 1: failure, or the check failed; 2: wrong argument or file; 130: stopped by Ctrl-C.`;
