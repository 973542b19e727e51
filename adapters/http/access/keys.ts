import { hash, timingSafeEqual } from "node:crypto";
import type { Authenticate, Caller, Keys } from "../options.ts";

interface KeyEntry {
  readonly digest: Buffer;
  readonly caller: Caller;
}

/** Digests have one length, so that comparing them says nothing of how much of a key is right. */
export const digest = (text: string): Buffer => hash("sha256", text, "buffer");
const keyDigest = (id: string, token: string): Buffer => digest(JSON.stringify([id, token]));

/** Looks at every key, whichever it is, so that the time it takes tells nothing. */
const findCaller = (table: readonly KeyEntry[], id: string, token: string): Caller | null => {
  const requestDigest = keyDigest(id, token);
  let found: Caller | null = null;
  for (const entry of table) if (timingSafeEqual(entry.digest, requestDigest)) found = entry.caller;
  return found;
};

/** A table of keys. A request that carries keys of both kinds is taken for a server's. */
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
