import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { CountsReporter } from "../support/counts-reporter.ts";

/** Files run one after another, because each has enough servers and processes for the whole machine. */
const config: ViteUserConfig = defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    environment: "node",
    include: ["test/faults/**/*.faults.ts"],
    setupFiles: ["test/support/setup.ts"],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    execArgv: ["--conditions=dev-source"],
    reporters: ["verbose", new CountsReporter()],
  },
});

export default config;
