import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import type { Given } from "./wire/shape.ts";

/** Who may call: `integration` is a server's key that may publish by GET. */
export type Access = "server" | "integration" | "client" | "anyone";

/** What came in, translated. What is in it is for the engine to check. */
export interface Call<Q = Given, B = unknown> {
  /** A part of the path, as in `/v1/vouchers/:code`, decoded. */
  param(name: string): string;
  readonly query: Q;
  /** Undefined where there is none. */
  readonly body: B;
  /** The body as it was sent. */
  readonly json: unknown;
  readonly request: Request;
  readonly requestId: string;
}

export interface Answer {
  readonly status: 200 | 202 | 204;
  /** JSON, or a stream of CSV; nothing with 204. */
  readonly body?: object | ReadableStream<Uint8Array>;
}

interface AnswerKind {
  readonly status: Answer["status"];
  readonly is?: t.Mixed;
  readonly csv?: true;
}

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As Hono has it: `/v1/vouchers/:code`. */
  readonly path: string;
  readonly access: Access;
  /** What it is for, in the machine-readable description. */
  readonly summary: string;
  readonly query?: t.Mixed;
  readonly body?: t.Mixed;
  readonly answer: AnswerKind;
  /** What it may answer as well. */
  readonly also?: AnswerKind;
  readonly run: (call: Call) => Promise<Answer>;
}

type Described = Omit<Endpoint, "run">;

/** Names go from the wire's to ours; what does not even have the shape goes on as it is, to be refused in words. */
const translated = (codec: t.Mixed | undefined, value: unknown): unknown => {
  if (codec === undefined) return value;
  const decoded = codec.decode(value);
  return E.isRight(decoded) ? decoded.right : value;
};

/**
 * An endpoint whose `run` gets its query as `Q` and its body as `B`, the engine's own input types. That is a promise that
 * nobody keeps but the engine, which checks all of it.
 */
export const endpoint = <Q = Given, B = unknown>(
  description: Described,
  run: (call: Call<Q, B>) => Promise<Answer>,
): Endpoint => ({
  ...description,
  run: (call) =>
    run({
      ...call,
      query: translated(description.query, call.query) as Q,
      body: translated(description.body, call.body) as B,
    }),
});

export const ok = (body: object): Answer => ({ status: 200, body });
export const done: Answer = { status: 204 };
