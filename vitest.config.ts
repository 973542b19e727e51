import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { CountsReporter } from "./test/support/counts-reporter.ts";
import { SlowFilesFirst } from "./test/support/slow-files-first.ts";

const config: ViteUserConfig = defineConfig({
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/servers/global-setup.ts"],
    setupFiles: ["test/support/setup.ts"],
    pool: "forks",
    // The code of a worker is compiled and optimised once, and not anew for each test file.
    isolate: false,
    // Node itself imports the files. That is faster than Vite's imports, and it is what a user's process does.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Tests of a server mostly wait, so there is one worker more than a small machine has processors.
    maxWorkers: 3,
    sequence: { sequencer: SlowFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // `dev-source` lets `oncecode` and `oncecode/memory` mean this checkout's sources, for adapters as for tests.
    execArgv: ["--conditions=dev-source"],
    // Many tests start a process. With the cache, Node does not strip the types of the same files each time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node-compile-cache") },
    reporters: ["default", new CountsReporter()],
    typecheck: { enabled: true, checker: "tsc", include: ["test/**/*.test-d.ts"], ignoreSourceErrors: true },
  },
});

export default config;
