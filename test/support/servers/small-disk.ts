import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCleanup } from "./cleanup.ts";

/** A small disk in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills the disk. */
  fill(): void;
  free(): void;
  remove(): Promise<void>;
}

/** Whether this user may mount a disk on this system. */
export const canMount = (): boolean => process.platform === "linux" && process.getuid?.() === 0;

const CHUNK = 1 << 20;

export const createSmallDisk = (megabytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), "oncecode-disk-"));
  const cleanup = startCleanup();
  cleanup.add("folder", folder);
  cleanup.add("mount", folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => {
      try {
        for (;;) {
          const { bavail, bsize } = statfsSync(folder);
          appendFileSync(filler, Buffer.alloc(Math.max(1, Math.min(CHUNK, bavail * bsize))));
        }
      } catch {
        // The disk is full.
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove: async () => {
      execFileSync("umount", [folder]);
      rmdirSync(folder);
      cleanup.remove("mount", folder);
      cleanup.remove("folder", folder);
      await cleanup.finish();
    },
  };
};
