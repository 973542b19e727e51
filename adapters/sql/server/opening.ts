import { Unfit } from "../unfit.ts";
import { type Judge, undone } from "./database.ts";
import { Fault, patiently } from "./faults.ts";

/** Does what has to be done before a repository can be used, and waits for a server that is only just starting. */
export const opening = async (judge: Judge, patience: number, work: () => Promise<void>): Promise<void> => {
  const once = async (): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      throw thrown instanceof Unfit ? thrown : undone(judge, thrown);
    }
  };
  try {
    await patiently(once, patience);
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown.cause : thrown;
  }
};
