import { UnusableDatabase } from "../migrations.ts";

/** A setting of the server that breaks a promise of oncecode. */
export interface UnsafeSetting {
  readonly setting: string;
  readonly value: string;
  /** The possible harm. */
  readonly consequence: string;
  readonly fix: string;
}

/** Throws for an unsafe setting, unless the host has passed `onUnsafe`. */
export const reportUnsafeSettings = (
  unsafeSettings: readonly UnsafeSetting[],
  onUnsafe?: (unsafe: UnsafeSetting) => void,
): void => {
  for (const unsafeSetting of unsafeSettings) {
    if (onUnsafe === undefined)
      throw new UnusableDatabase(
        `The server has ${unsafeSetting.setting} = ${unsafeSetting.value}: ${unsafeSetting.consequence}. To fix it: ${unsafeSetting.fix}. ` +
          "To use the server anyway, pass the option `onUnsafe`",
      );
    onUnsafe(unsafeSetting);
  }
};
