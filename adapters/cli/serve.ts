import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEngine, type Engine, isOncecodeError, type Repository } from "oncecode";
import type { Handler, HandlerOptions } from "oncecode/http";
import { openDatabaseServer } from "./database-server.ts";
import type { ServeOptions } from "./serve-options.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import type { ExitCode } from "./terminal.ts";
import { UsageError } from "./terminal.ts";

type Store = Repository & { close(): Promise<void> };

const openStore = async ({ store }: ServeOptions): Promise<Store> =>
  "url" in store ? openDatabaseServer(store.url) : (await openSqliteFile(store.filename)).repository;

/** Loads the optional packages of the HTTP API. If one is not installed, the error says how to install all of them. */
const loadHttpPackages = async () => {
  try {
    const [{ createHandler }, { getRequestListener }] = await Promise.all([
      import("oncecode/http"),
      import("@hono/node-server"),
    ]);
    return { createHandler, getRequestListener };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      throw new UsageError("serve needs more packages: npm install hono @hono/node-server qs");
    throw error;
  }
};

/** Logs one line of JSON. It has no path, header or body, and so no code and no token. */
const log = (entry: object): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};

/** An error of the engine is logged with its code and cause. Any other error is a bug, and is logged with its stack. */
const errorLogEntry = (error: unknown): object => {
  if (!(error instanceof Error)) return { error: String(error) };
  if (!isOncecodeError(error)) return { error: error.stack ?? error.message };
  const { code, message, cause } = error;
  return { error: code, message, ...(cause instanceof Error && { cause: cause.message }) };
};

const handlerOptions = ({ appId, appToken, integration, client }: ServeOptions): HandlerOptions => ({
  keys: { server: [{ id: appId, token: appToken, integration }], client: client === null ? [] : [client] },
  onResponse: log,
  onError: (error, requestId) => log({ requestId, ...errorLogEntry(error) }),
});

/** The options come from the command line, so a refused option is a `UsageError`. */
const withUsageError = <A>(make: () => A): A => {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
};

/** The response of the health check: whether the store answers. */
const healthResponse = async (engine: Engine): Promise<Response> => {
  try {
    await engine.campaigns.list({ limit: 1 });
    return Response.json({ status: "ok" });
  } catch {
    return Response.json({ status: "storage_failed" }, { status: 503 });
  }
};

const withHealth =
  (engine: Engine, handler: Handler): Handler =>
  (request) =>
    new URL(request.url).pathname === "/health" ? healthResponse(engine) : handler(request);

/** Tracks running requests, also of callers who have disconnected. After `stopping`, responses close their connections. */
const trackRequests = (handler: Handler, stopping: AbortSignal, runningRequests: Set<Promise<Response>>): Handler => {
  return async (request) => {
    const responsePromise = handler(request);
    runningRequests.add(responsePromise);
    try {
      const response = await responsePromise;
      if (stopping.aborted) response.headers.set("Connection", "close");
      return response;
    } finally {
      runningRequests.delete(responsePromise);
    }
  };
};

const listen = async (listener: RequestListener, { host, port }: ServeOptions): Promise<Server> => {
  const server = createServer(listener);
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new UsageError(`cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return server;
};

const urlOf = (server: Server, host: string): string => {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
};

/** Resolves at Ctrl-C or SIGTERM. */
const stopSignal = (): Promise<unknown> => Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);

/** The time for running requests to end. */
const GRACE_MILLISECONDS = 10_000;

/** Accepts no more requests, waits for the running ones, then closes all connections. */
const stopServer = async (server: Server): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  // The connection of a stream stays open after its response. It is idle when the stream has ended.
  const idleSweep = setInterval(() => server.closeIdleConnections(), 20);
  const forcedClose = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS);
  await closed;
  clearInterval(idleSweep);
  clearTimeout(forcedClose);
};

export const serve = async (options: ServeOptions): Promise<ExitCode> => {
  const { createHandler, getRequestListener } = await loadHttpPackages();
  const store = await openStore(options);
  try {
    const engine = createEngine({ repository: store });
    const handler = withUsageError(() => createHandler(engine, handlerOptions(options)));
    const stopping = new AbortController();
    const openRequests = new Set<Promise<Response>>();
    const trackedHandler = trackRequests(withHealth(engine, handler), stopping.signal, openRequests);
    const server = await listen(getRequestListener(trackedHandler), options);
    const stopRequest = stopSignal();
    log({ message: "listening", url: urlOf(server, options.host) });
    await stopRequest;
    stopping.abort();
    log({ message: "stopping" });
    await stopServer(server);
    await Promise.allSettled(openRequests);
    return 0;
  } finally {
    await store.close();
  }
};
