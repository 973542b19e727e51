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

/** What a host brings itself, and somebody who only tries it out has to install. */
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

/** One line of JSON. It has no path, no header and no body, and so no code and no token. */
const log = (entry: object): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};

/** What the engine says by its code, with the store's own words; anything else is a bug, whose place is wanted. */
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

/** An option that the handler refuses came from the command line. */
const withUsageError = <A>(make: () => A): A => {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
};

/** Whether the store answers, for whoever watches the server. */
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

/** What is under way, also for callers who have left. The last answer on a connection says so, once no more are taken. */
const trackRequests = (handler: Handler, stopping: AbortSignal, requestsUnderWay: Set<Promise<Response>>): Handler => {
  return async (request) => {
    const responsePromise = handler(request);
    requestsUnderWay.add(responsePromise);
    try {
      const response = await responsePromise;
      if (stopping.aborted) response.headers.set("Connection", "close");
      return response;
    } finally {
      requestsUnderWay.delete(responsePromise);
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

/** Ctrl-C, or whoever runs the process. */
const stopSignal = (): Promise<unknown> => Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);

/** Answers to what is under way are waited for this long. */
const GRACE_MILLISECONDS = 10_000;

/** Takes no more, waits for what is under way, and then closes what is left. */
const stopServer = async (server: Server): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  // What is streamed has told its connection to stay: it is idle when the stream ends.
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
    const requestsUnderWay = new Set<Promise<Response>>();
    const trackedHandler = trackRequests(withHealth(engine, handler), stopping.signal, requestsUnderWay);
    const server = await listen(getRequestListener(trackedHandler), options);
    const stopRequest = stopSignal();
    log({ message: "listening", url: urlOf(server, options.host) });
    await stopRequest;
    stopping.abort();
    log({ message: "stopping" });
    await stopServer(server);
    await Promise.allSettled(requestsUnderWay);
    return 0;
  } finally {
    await store.close();
  }
};
