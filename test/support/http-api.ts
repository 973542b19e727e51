import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createEngine, type Engine, type EngineOptions } from "oncecode";
import { type Authenticate, createHandler, type Handler, type HandlerOptions, type Keys } from "oncecode/http";
import { memoryRepository } from "oncecode/memory";
import { atEndOfFile } from "./at-end.ts";
import type { Open } from "./stores.ts";

type HeaderTable = Readonly<Record<string, string>>;
export const APP_HEADERS: HeaderTable = { "X-App-Id": "app", "X-App-Token": "app-token" };
export const INTEGRATION_HEADERS: HeaderTable = { "X-App-Id": "link", "X-App-Token": "link-token" };
export const ORIGIN = "https://shop.example";
export const CLIENT_HEADERS: HeaderTable = {
  "X-Client-Application-Id": "web",
  "X-Client-Token": "web-token",
  Origin: ORIGIN,
};

export const KEYS: Keys = {
  server: [
    { id: "app", token: "app-token" },
    { id: "link", token: "link-token", integration: true },
  ],
  client: [{ id: "web", token: "web-token", origins: [ORIGIN] }],
};

/** Parsed JSON of any shape: its content is the subject of the tests. */
// biome-ignore lint/suspicious/noExplicitAny: answers are what is tested
type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Null for an empty body. */
  readonly body: Json;
}

export interface RequestOptions {
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
  /** The headers of the server key by default. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  readonly engine: Engine;
  readonly handler: Handler;
  ask(method: string, path: string, options?: RequestOptions): Promise<Reply>;
}

type HandlerOverrides = Partial<Omit<HandlerOptions, "keys" | "authenticate">> & {
  readonly keys?: Keys;
  readonly authenticate?: Authenticate;
};
type ApiOptions = HandlerOverrides & { readonly open?: Open; readonly engine?: Partial<EngineOptions> };

const handlerOptions = ({ keys = KEYS, authenticate, ...more }: HandlerOverrides): HandlerOptions =>
  authenticate === undefined ? { ...more, keys } : { ...more, authenticate };

/** A handler on an empty store (in memory by default), called without a network. */
export const createApi = async ({ open, engine: engineOptions, ...more }: ApiOptions = {}): Promise<Api> => {
  const repository = open === undefined ? memoryRepository() : await open();
  const engine = createEngine({ ...engineOptions, repository });
  const handler = createHandler(engine, handlerOptions(more));
  const ask: Api["ask"] = async (method, path, { body, headers = APP_HEADERS } = {}) => {
    const bodyInit = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const request = new Request(`http://api.example${path}`, { method, headers: { ...type, ...headers }, ...bodyInit });
    const response = await handler(request);
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : isJson ? JSON.parse(text) : text,
    };
  };
  return { engine, handler, ask };
};

/** Mounts the handler on a Node server until the end of the test file, and returns the server's URL. */
export const listen = async (handler: Handler): Promise<string> => {
  const server = createServer(getRequestListener(handler));
  atEndOfFile(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
