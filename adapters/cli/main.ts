#!/usr/bin/env node
// Imports nothing by itself, so that an old Node gets to say what it lacks.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`oncecode: needs Node 22.13 or later, and this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Node 22 calls its SQLite experimental, on every start.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.stack ?? warning.message}\n`);
  });
  // A reader that has seen enough, as `head` has, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const { main } = await import("./command.ts");
  process.exitCode = await main(process.argv.slice(2));
}

export {};
