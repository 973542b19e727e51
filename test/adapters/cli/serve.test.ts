import { describe, expect, it } from "vitest";
import { parseCommand } from "../../../adapters/cli/arguments.ts";
import { newDatabasePath, startServe } from "../../support/serve-process.ts";

const KEY = ["--app-id", "app", "--app-token", "t"];

describe("the arguments of serve", () => {
  const optionsOf = (args: readonly string[], env = {}): unknown => {
    const command = parseCommand(["serve", ...args], env);
    return command.type === "serve" ? command.options : null;
  };

  it("have defaults, and the default address is this machine only", () => {
    expect(optionsOf(KEY)).toEqual({
      store: { filename: "codes.db" },
      appId: "app",
      appToken: "t",
      integration: false,
      client: null,
      host: "127.0.0.1",
      port: 8787,
    });
  });

  it("set all other options", () => {
    const client = ["--client-id", "web", "--client-token", "w", "--origin", "https://a.example", "--origin", "*"];
    const rest = ["--url", "postgres://a/b", "--integration", "--host", "0.0.0.0", "--port", "80", ...client];
    expect(optionsOf([...KEY, ...rest])).toEqual({
      store: { url: "postgres://a/b" },
      appId: "app",
      appToken: "t",
      integration: true,
      client: { id: "web", token: "w", origins: ["https://a.example", "*"] },
      host: "0.0.0.0",
      port: 80,
    });
  });

  it("can be replaced by environment variables for secrets", () => {
    const env = { ONCECODE_APP_ID: "app", ONCECODE_APP_TOKEN: "secret", ONCECODE_CLIENT_TOKEN: "public" };
    expect(optionsOf(["--client-id", "web", "--origin", "*"], env)).toMatchObject({
      appId: "app",
      appToken: "secret",
      client: { id: "web", token: "public" },
    });
  });

  it.each([
    [[], "serve needs --app-id, or ONCECODE_APP_ID in its environment"],
    [["--app-id", "app"], "serve needs --app-token, or ONCECODE_APP_TOKEN in its environment"],
    [[...KEY, "--port", "http"], '--port must be a whole number from 0 to 65535, not "http"'],
    [[...KEY, "--port", "65536"], "--port must be a whole number"],
    [[...KEY, "--database", "a.db", "--url", "mysql://b/c"], "serve takes --database or --url, not both"],
    [[...KEY, "--origin", "*"], "--origin and --client-token need --client-id"],
    [[...KEY, "--client-id", "web", "--client-token", "w"], "--client-id needs --origin"],
    [[...KEY, "--client-id", "web", "--origin", "*"], "serve needs --client-token, or ONCECODE_CLIENT_TOKEN"],
    [[...KEY, "--codes", "a.csv"], "serve takes no --codes"],
    [[...KEY, "--token"], "Unknown option '--token'"],
  ])("are refused as %j", (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
  });
});

describe.concurrent("oncecode serve", () => {
  it.each([
    [["--url", "oracle://here/db"], /ended with 2: .*--url must begin with postgres:\/\//s],
    [["--url", "postgres://127.0.0.1:1/db"], /ended with 1: .*ECONNREFUSED/s],
    [["--database", "/proc/none/codes.db"], /ended with 2: /],
    [
      ["--client-id", "w", "--client-token", "t", "--origin", "shop.example", "--database", ":file:"],
      /origins must be/,
    ],
    [["--host", "203.0.113.1", "--database", ":file:"], /ended with 2: .*cannot listen on 203\.0\.113\.1/s],
  ])("ends with a readable error for %j", async (args, message) => {
    const file = await newDatabasePath();
    await expect(startServe(...args.map((arg) => (arg === ":file:" ? file : arg)))).rejects.toThrow(message);
  });
});
