import { hash, timingSafeEqual } from "node:crypto";
import type { Authenticate, Caller, Keys } from "../options.ts";

interface KeyEntry {
  readonly digest: Buffer;
  readonly caller: Caller;
}

/** Digests have the same length. So the time of a comparison does not show how much of a key is right. */
export const digest = (text: string): Buffer => hash("sha256", text, "buffer");
const keyDigest = (id: string, token: string): Buffer => digest(JSON.stringify([id, token]));

/** Compares every key. So the time does not show which key was found. */
const findCaller = (table: readonly KeyEntry[], id: string, token: string): Caller | null => {
  const requestDigest = keyDigest(id, token);
  let found: Caller | null = null;
  for (const entry of table) if (timingSafeEqual(entry.digest, requestDigest)) found = entry.caller;
  return found;
};

/** Authenticates by a list of keys. If a request has keys of both kinds, the server key counts. */
export const authenticateByKeys = ({ server = [], client = [] }: Keys): Authenticate => {
  const servers = server.map(({ id, token, integration = false }): KeyEntry => {
    return { digest: keyDigest(id, token), caller: { type: "server", integration } };
  });
  const clients = client.map(({ id, token, origins }): KeyEntry => {
    return { digest: keyDigest(id, token), caller: { type: "client", origins } };
  });
  return ({ headers }) => {
    const [id, token] = [headers.get("X-App-Id"), headers.get("X-App-Token")];
    if (id !== null || token !== null) return findCaller(servers, id ?? "", token ?? "");
    return findCaller(clients, headers.get("X-Client-Application-Id") ?? "", headers.get("X-Client-Token") ?? "");
  };
};
