import { hash, timingSafeEqual } from "node:crypto";
import type { Authenticate, Caller, Keys } from "../options.ts";

interface Entry {
  readonly id: Buffer;
  readonly token: Buffer;
  readonly caller: Caller;
}

/** Digests have one length, so that comparing them says nothing of how long the right one is. */
const digest = (text: string): Buffer => hash("sha256", text, "buffer");

const entries = (
  keys: readonly { readonly id: string; readonly token: string }[],
  of: (i: number) => Caller,
): Entry[] => keys.map(({ id, token }, i) => ({ id: digest(id), token: digest(token), caller: of(i) }));

/** Looks at every key, whichever it is, so that the time it takes tells nothing. */
const find = (table: readonly Entry[], id: string, token: string): Caller | null => {
  const [ours, theirs] = [digest(id), digest(token)];
  let found: Caller | null = null;
  for (const entry of table) {
    const same = [timingSafeEqual(entry.id, ours), timingSafeEqual(entry.token, theirs)];
    if (same.every(Boolean)) found = entry.caller;
  }
  return found;
};

/** A table of keys. A request that carries keys of both kinds is taken for a server's. */
export const authenticateBy = ({ server = [], client = [] }: Keys): Authenticate => {
  const servers = entries(server, (i) => ({ type: "server", integration: server[i]?.integration ?? false }));
  const clients = entries(client, (i) => ({ type: "client", origins: client[i]?.origins ?? [] }));
  return ({ headers }) => {
    const [id, token] = [headers.get("X-App-Id"), headers.get("X-App-Token")];
    if (id !== null || token !== null) return find(servers, id ?? "", token ?? "");
    return find(clients, headers.get("X-Client-Application-Id") ?? "", headers.get("X-Client-Token") ?? "");
  };
};
