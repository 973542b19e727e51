#!/usr/bin/env node
// This file has no static imports. So an old Node, which cannot load the others, still prints the message below.
// `main.ts` runs `command.ts`, which parses the arguments and runs one file per command: `demo.ts`, `serve.ts` or `migrate.ts`.
// The folder imports `oncecode`, csv-parse and @hono/node-server. Only this folder uses the terminal, signals and exit codes.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`oncecode: needs Node 22.13 or later, and this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Node 22 prints a warning that its SQLite is experimental.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.stack ?? warning.message}\n`);
  });
  // A reader such as `head` may close the pipe early. That is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const { main } = await import("./command.ts");
  process.exitCode = await main(process.argv.slice(2));
}

export {};
