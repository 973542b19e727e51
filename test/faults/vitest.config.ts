import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { CountsReporter } from "../support/counts-reporter.ts";

const conditions = ["dev-source", "node"];

/** Files run one after another, because each has enough servers and processes for the whole machine. */
const config: ViteUserConfig = defineConfig({
  root: join(import.meta.dirname, "../.."),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    environment: "node",
    include: ["test/faults/**/*.faults.ts"],
    setupFiles: ["test/support/setup.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    execArgv: ["--conditions=dev-source"],
    reporters: ["verbose", new CountsReporter()],
  },
});

export default config;
