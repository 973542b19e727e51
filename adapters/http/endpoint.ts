import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import type { UnknownRecord } from "./wire/codecs.ts";

/** Who may call: `integration` is a server's key that may publish by GET. */
export type AccessLevel = "server" | "integration" | "client" | "anyone";

/** What came in, translated. What is in it is for the engine to check. */
export interface EndpointCall<Q = UnknownRecord, B = unknown> {
  /** A part of the path, as in `/v1/vouchers/:code`, decoded. */
  param(name: string): string;
  readonly query: Q;
  /** Undefined where there is none. */
  readonly body: B;
  /** The body as it was sent. */
  readonly wireBody: unknown;
  readonly request: Request;
  readonly requestId: string;
}

export interface EndpointResponse {
  readonly status: 200 | 202 | 204;
  /** JSON, or a stream of CSV; nothing with 204. */
  readonly body?: object | ReadableStream<Uint8Array>;
}

interface ResponseSpec {
  readonly status: EndpointResponse["status"];
  readonly codec?: t.Mixed;
  readonly csv?: true;
}

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As Hono has it: `/v1/vouchers/:code`. */
  readonly path: string;
  readonly access: AccessLevel;
  /** What it is for, in the machine-readable description. */
  readonly summary: string;
  readonly query?: t.Mixed;
  readonly body?: t.Mixed;
  readonly response: ResponseSpec;
  /** What it may answer as well. */
  readonly otherResponse?: ResponseSpec;
  readonly run: (call: EndpointCall) => Promise<EndpointResponse>;
}

type EndpointDescription = Omit<Endpoint, "run">;

/** Names go from the wire's to ours; what does not even have the shape goes on as it is, to be refused in words. */
const decodeLeniently = (codec: t.Mixed | undefined, value: unknown): unknown => {
  if (codec === undefined) return value;
  const decoded = codec.decode(value);
  return E.isRight(decoded) ? decoded.right : value;
};

/**
 * An endpoint whose `run` gets its query as `Q` and its body as `B`, the engine's own input types. That is a promise that
 * nobody keeps but the engine, which checks all of it.
 */
export const endpoint = <Q = UnknownRecord, B = unknown>(
  description: EndpointDescription,
  run: (call: EndpointCall<Q, B>) => Promise<EndpointResponse>,
): Endpoint => ({
  ...description,
  run: (call) =>
    run({
      ...call,
      query: decodeLeniently(description.query, call.query) as Q,
      body: decodeLeniently(description.body, call.body) as B,
    }),
});

export const ok = (body: object): EndpointResponse => ({ status: 200, body });
export const noContent: EndpointResponse = { status: 204 };
