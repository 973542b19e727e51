import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import type { UnknownRecord } from "./wire/codecs.ts";

/** The callers that may use an endpoint. `integration` is a server key that may publish by GET. */
export type AccessLevel = "server" | "integration" | "client" | "anyone";

/** A request with translated names. The engine checks the values. */
export interface EndpointCall<Q = UnknownRecord, B = unknown> {
  /** A decoded part of the path, such as `code` in `/v1/vouchers/:code`. */
  param(name: string): string;
  readonly query: Q;
  /** Undefined if the request has no body. */
  readonly body: B;
  /** The body with the names of the API. */
  readonly wireBody: unknown;
  readonly request: Request;
  readonly requestId: string;
}

export interface EndpointResponse {
  readonly status: 200 | 202 | 204;
  /** JSON, or a stream of CSV. A response with status 204 has none. */
  readonly body?: object | ReadableStream<Uint8Array>;
}

interface ResponseSpec {
  readonly status: EndpointResponse["status"];
  readonly codec?: t.Mixed;
  readonly csv?: true;
}

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** In the syntax of Hono: `/v1/vouchers/:code`. */
  readonly path: string;
  readonly access: AccessLevel;
  /** The purpose, for the description in OpenAPI. */
  readonly summary: string;
  readonly query?: t.Mixed;
  readonly body?: t.Mixed;
  readonly response: ResponseSpec;
  /** A second kind of response. */
  readonly otherResponse?: ResponseSpec;
  readonly run: (call: EndpointCall) => Promise<EndpointResponse>;
}

type EndpointDescription = Omit<Endpoint, "run">;

/** Translates the names of a value. A value of another shape stays as it is, and the engine refuses it with a good error. */
const decodeLeniently = (codec: t.Mixed | undefined, value: unknown): unknown => {
  if (codec === undefined) return value;
  const decoded = codec.decode(value);
  return E.isRight(decoded) ? decoded.right : value;
};

/**
 * Defines an endpoint. `run` gets the query as `Q` and the body as `B`, which are input types of the engine. Nothing has
 * checked the values yet: the engine checks all of its input.
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
