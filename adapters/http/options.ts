import type { MetadataSchemas } from "oncecode";

/** Who calls. What they may do follows from it. */
export type Caller =
  | {
      readonly type: "server";
      /** May also publish by `GET /v1/publications/create`. */
      readonly integration?: boolean;
    }
  | {
      readonly type: "client";
      /** Web origins, as `https://shop.example`, from which this key may be used; `*` for any. */
      readonly origins: readonly string[];
    };

/** Tells who calls by what the request carries; null if nobody who may. */
export type Authenticate = (request: Request) => Caller | null | Promise<Caller | null>;

/** A key of a back end: `X-App-Id` and `X-App-Token`. */
export interface ServerKey {
  readonly id: string;
  readonly token: string;
  /** May also publish by `GET /v1/publications/create`; false unless given. */
  readonly integration?: boolean;
}

/** A key that is public, in a web page: `X-Client-Application-Id` and `X-Client-Token`. It may publish, and no more. */
export interface ClientKey {
  readonly id: string;
  readonly token: string;
  /** Web origins, as `https://shop.example`, from which the key may be used; `*` for any. */
  readonly origins: readonly string[];
}

export interface Keys {
  readonly server?: readonly ServerKey[];
  readonly client?: readonly ClientKey[];
}

/** How much of their allowance a caller has left. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until there is more. */
  readonly retryAfter: number;
  /** `api_calls` unless given. */
  readonly type?: "api_calls" | "bulk_api_calls" | "api_calls_cycle" | "webhook_calls";
  /** Whether this very call is one too many: it is answered with 429. */
  readonly exceeded: boolean;
}

/** One request and its answer, for a log. It names the route, never the path, which may have a code in it. */
export interface AccessLogEntry {
  readonly requestId: string;
  readonly method: string;
  /** `/v1/vouchers/:code`; null where no route fits. */
  readonly route: string | null;
  readonly status: number;
  /** Until there was an answer; a stream goes on after that. */
  readonly milliseconds: number;
  readonly caller: Caller["type"] | null;
}

/** Either `keys` or `authenticate` is needed, and not both. */
export type HandlerOptions = (
  | { readonly keys: Keys; readonly authenticate?: never }
  | { readonly keys?: never; readonly authenticate: Authenticate }
) & {
  /**
   * Where callers find the API, with the prefix that it is mounted under, as `https://shop.example/promotions`: for the
   * addresses of exports. What the request says unless given.
   */
  readonly publicUrl?: string;
  /** Called for every request that may go on. Its answer is put into headers; null for no limit. */
  readonly rateLimit?: (caller: Caller, request: Request) => RateLimit | null | Promise<RateLimit | null>;
  /** Most bytes of a request's body; 10,485,760 unless given. */
  readonly bodyMax?: number;
  /** The engine's, so that `GET /v1/publications/create` knows the types of what a query string has as text. */
  readonly metadataSchemas?: MetadataSchemas;
  /** Called after each answer. */
  readonly onResponse?: (entry: AccessLogEntry) => void;
  /** Called with what a caller is not told: why the store failed, or a bug. */
  readonly onError?: (error: unknown, requestId: string) => void;
};
