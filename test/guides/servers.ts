import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** Waits until a server answers. */
export const waitUntilUp = async (url: string): Promise<void> => {
  const isUp = await fetch(url).then(
    () => true,
    () => false,
  );
  if (isUp) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await waitUntilUp(url);
};
