import { Unfit } from "../unfit.ts";

/** A setting of the server under which a promise does not hold. */
export interface UnsafeSetting {
  readonly setting: string;
  readonly value: string;
  /** What may happen. */
  readonly breaks: string;
  readonly fix: string;
}

/** What to do about unsafe settings: refuses them, unless the host wants to hear of them and go on. */
export const heed = (unsafe: readonly UnsafeSetting[], onUnsafe?: (unsafe: UnsafeSetting) => void): void => {
  for (const one of unsafe) {
    if (onUnsafe === undefined)
      throw new Unfit(
        `The server has ${one.setting} = ${one.value}: ${one.breaks}. To mend it: ${one.fix}. ` +
          "To go on all the same, hand in `onUnsafe`",
      );
    onUnsafe(one);
  }
};
