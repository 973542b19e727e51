import { UnusableDatabase } from "../migrations.ts";

/** A setting of the server under which a promise does not hold. */
export interface UnsafeSetting {
  readonly setting: string;
  readonly value: string;
  /** What may happen. */
  readonly breaks: string;
  readonly fix: string;
}

/** What to do about unsafe settings: refuses them, unless the host wants to hear of them and go on. */
export const reportUnsafeSettings = (
  unsafeSettings: readonly UnsafeSetting[],
  onUnsafe?: (unsafe: UnsafeSetting) => void,
): void => {
  for (const unsafeSetting of unsafeSettings) {
    if (onUnsafe === undefined)
      throw new UnusableDatabase(
        `The server has ${unsafeSetting.setting} = ${unsafeSetting.value}: ${unsafeSetting.breaks}. To mend it: ${unsafeSetting.fix}. ` +
          "To go on all the same, hand in `onUnsafe`",
      );
    onUnsafe(unsafeSetting);
  }
};
