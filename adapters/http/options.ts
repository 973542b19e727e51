import type { MetadataSchemas } from "oncecode";

/** The caller of a request. The kind of caller decides on the permissions. */
export type Caller =
  | {
      readonly type: "server";
      /** May also publish by `GET /v1/publications/create`. */
      readonly integration?: boolean;
    }
  | {
      readonly type: "client";
      /** The web origins that may use this key, such as `https://shop.example`; `*` for all. */
      readonly origins: readonly string[];
    };

/** Finds the caller of a request; null refuses the request. */
export type Authenticate = (request: Request) => Caller | null | Promise<Caller | null>;

/** A key for a back end, sent in `X-App-Id` and `X-App-Token`. */
export interface ServerKey {
  readonly id: string;
  readonly token: string;
  /** Whether the key may also publish by `GET /v1/publications/create` (false). */
  readonly integration?: boolean;
}

/** A public key for web pages, sent in `X-Client-Application-Id` and `X-Client-Token`. It may only publish. */
export interface ClientKey {
  readonly id: string;
  readonly token: string;
  /** The web origins that may use the key, such as `https://shop.example`; `*` for all. */
  readonly origins: readonly string[];
}

export interface Keys {
  readonly server?: readonly ServerKey[];
  readonly client?: readonly ClientKey[];
}

/** The rate limit of a caller. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the limit is reset. */
  readonly retryAfter: number;
  /** The kind of limit (`api_calls`). */
  readonly type?: "api_calls" | "bulk_api_calls" | "api_calls_cycle" | "webhook_calls";
  /** Whether this call is above the limit: its response has status 429. */
  readonly exceeded: boolean;
}

/** One request and its response, for a log. It has the route, not the path: a path may have a code in it. */
export interface AccessLogEntry {
  readonly requestId: string;
  readonly method: string;
  /** Such as `/v1/vouchers/:code`; null if no route matches. */
  readonly route: string | null;
  readonly status: number;
  /** The time until the response began. A stream goes on after that. */
  readonly milliseconds: number;
  readonly caller: Caller["type"] | null;
}

/** Pass either `keys` or `authenticate`. */
export type HandlerOptions = (
  | { readonly keys: Keys; readonly authenticate?: never }
  | { readonly keys?: never; readonly authenticate: Authenticate }
) & {
  /**
   * The public URL of the API with its prefix, such as `https://shop.example/promotions`. The URLs of exports begin with it.
   * Without this option, they begin with the origin of the request's URL.
   */
  readonly publicUrl?: string;
  /** Called for each authorized request. Its result becomes headers; null means no limit. */
  readonly rateLimit?: (caller: Caller, request: Request) => RateLimit | null | Promise<RateLimit | null>;
  /** The largest body of a request, in bytes (10,485,760). */
  readonly bodyMax?: number;
  /** The schemas of the engine. `GET /v1/publications/create` needs them: in a query string, every value is a text. */
  readonly metadataSchemas?: MetadataSchemas;
  /** Called after each response. */
  readonly onResponse?: (entry: AccessLogEntry) => void;
  /** Called with an error whose reason the caller does not get: a failure of the store, or a bug. */
  readonly onError?: (error: unknown, requestId: string) => void;
};
