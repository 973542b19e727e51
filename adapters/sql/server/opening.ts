import { Unfit } from "../unfit.ts";
import { type Access, PATIENCE } from "./access.ts";
import { type Judge, undone } from "./database.ts";
import { Fault, patiently } from "./faults.ts";

/** Does what has to be done before a repository can be used, and waits for a server that is only just starting. */
const opening = async <T>(judge: Judge, patience: number, work: () => Promise<T>): Promise<T> => {
  const once = async (): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw thrown instanceof Unfit ? thrown : undone(judge, thrown);
    }
  };
  try {
    return await patiently(once, patience);
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown.cause : thrown;
  }
};

/** Opens a way to the server, which stays open unless `prepare` fails. */
export const opened = async <T>(
  { close }: Access,
  judge: Judge,
  patience: number,
  prepare: () => Promise<T>,
): Promise<T> => {
  try {
    return await opening(judge, patience, prepare);
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

/** The same for what is over when it is done. */
export const openedFor = async (access: Access, judge: Judge, work: () => Promise<void>): Promise<void> => {
  await opened(access, judge, PATIENCE, work);
  await access.close();
};
