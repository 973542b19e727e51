import { UsageError } from "./terminal.ts";

/** The options of `oncecode serve`, from the command line or the environment. */
export interface ServeOptions {
  /** An SQLite file, or the URL of a database server. */
  readonly store: { readonly filename: string } | { readonly url: string };
  readonly appId: string;
  readonly appToken: string;
  /** Whether the key may also publish by GET. */
  readonly integration: boolean;
  readonly client: { readonly id: string; readonly token: string; readonly origins: readonly string[] } | null;
  readonly host: string;
  readonly port: number;
}

interface Values {
  readonly database?: string;
  readonly url?: string;
  readonly "app-id"?: string;
  readonly "app-token"?: string;
  readonly integration?: boolean;
  readonly "client-id"?: string;
  readonly "client-token"?: string;
  readonly origin?: readonly string[];
  readonly host?: string;
  readonly port?: string;
}
/** Secrets can be in the environment: every user of a machine can read command lines. */
type Environment = Readonly<Record<string, string | undefined>>;

const PORT_DEFAULT = 8787;
export const SERVE_DEFAULTS: { readonly database: string; readonly host: string; readonly port: number } = {
  database: "codes.db",
  host: "127.0.0.1",
  port: PORT_DEFAULT,
};

const parsePort = (text: string | undefined): number => {
  if (text === undefined) return PORT_DEFAULT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port must be a whole number from 0 to 65535, not "${text}"`);
};

const requiredSecret = (values: Values, option: "app-id" | "app-token" | "client-token", env: Environment): string => {
  const variable = `ONCECODE_${option.toUpperCase().replace("-", "_")}`;
  const value = values[option] ?? env[variable];
  if (value !== undefined && value !== "") return value;
  throw new UsageError(`serve needs --${option}, or ${variable} in its environment`);
};

const clientKeyOf = (values: Values, env: Environment): ServeOptions["client"] => {
  const { "client-id": id, origin: origins = [] } = values;
  if (id === undefined) {
    if (origins.length > 0 || values["client-token"] !== undefined)
      throw new UsageError("--origin and --client-token need --client-id");
    return null;
  }
  if (origins.length === 0) throw new UsageError("--client-id needs --origin, such as --origin https://shop.example");
  return { id, token: requiredSecret(values, "client-token", env), origins };
};

export const parseServeOptions = (values: Values, env: Environment): ServeOptions => {
  const { database, url, host = SERVE_DEFAULTS.host } = values;
  if (database !== undefined && url !== undefined) throw new UsageError("serve takes --database or --url, not both");
  return {
    store: url === undefined ? { filename: database ?? SERVE_DEFAULTS.database } : { url },
    appId: requiredSecret(values, "app-id", env),
    appToken: requiredSecret(values, "app-token", env),
    integration: values.integration ?? false,
    client: clientKeyOf(values, env),
    host,
    port: parsePort(values.port),
  };
};
