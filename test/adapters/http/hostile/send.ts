import { type ClientRequest, type IncomingMessage, request as open } from "node:http";
import type { Api, Reply } from "../../../support/http-api.ts";
import type { HostileRequest } from "./request.ts";

/** Sends a request, and returns the response. */
export type Send = (hostile: HostileRequest) => Promise<Reply>;

const replyOf = (status: number, headers: Headers, text: string): Reply => ({
  status,
  headers,
  body: text === "" ? null : headers.get("Content-Type")?.includes("json") === true ? JSON.parse(text) : text,
});

const CHUNK = 65_536;
const toStream = (text: string): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + CHUNK));
      else controller.close();
      at += CHUNK;
    },
  });
};

/** Calls the handler directly. */
export const inProcess =
  ({ handler }: Api): Send =>
  async ({ method, path, headers, body, chunked }) => {
    const text = body?.();
    const sent = text === undefined ? {} : { body: chunked === true ? toStream(text) : text, duplex: "half" as const };
    const response = await handler(new Request(`http://api.example${path}`, { method, headers, ...sent }));
    return replyOf(response.status, response.headers, await response.text());
  };

const headersOf = ({ rawHeaders }: IncomingMessage): Headers => {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return headers;
};

const textOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
};

/** Writes only the beginning of a body that is announced as too long: the server must refuse it by its length. */
const write = (clientRequest: ClientRequest, text: string | undefined, { chunked, headers }: HostileRequest): void => {
  if (text !== undefined && "Content-Length" in headers) return void clientRequest.write(text.slice(0, CHUNK));
  if (text === undefined || chunked !== true) return void clientRequest.end(text);
  for (let at = 0; at < text.length; at += CHUNK) clientRequest.write(text.slice(at, at + CHUNK));
  clientRequest.end();
};

/** Sends over the network, with the path unchanged. */
export const overNetwork =
  (url: string): Send =>
  (hostile) =>
    new Promise((resolve, reject) => {
      const { method, path, headers, body, chunked } = hostile;
      const { hostname, port } = new URL(url);
      const text = body?.();
      const length =
        text === undefined || chunked === true ? {} : { "Content-Length": String(Buffer.byteLength(text)) };
      const clientRequest = open({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
      clientRequest.on("response", (message) => {
        const done = textOf(message).then((answer) => replyOf(message.statusCode ?? 0, headersOf(message), answer));
        done.then(resolve, reject).finally(() => clientRequest.destroy());
      });
      clientRequest.on("error", reject);
      write(clientRequest, text, hostile);
    });
