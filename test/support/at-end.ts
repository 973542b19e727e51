import { onTestFinished, TestRunner } from "vitest";

type Close = () => unknown;

const closes: Close[] = [];

/** False in a `beforeAll` hook: several tests share what it opens. */
export const isInTest = (): boolean => TestRunner.getCurrentTest() !== undefined;

/** Calls `close` at the end of the test file. */
export const atEndOfFile = (close: Close): void => {
  closes.push(close);
};

/** Calls `close` at the end of the test, or of the test file in a `beforeAll` hook. */
export const atEndOfTest = (close: Close): void => {
  if (isInTest()) onTestFinished(async () => void (await close()));
  else atEndOfFile(close);
};

/** Closes what the test file has opened, the last one first. */
export const closeAll = async (): Promise<void> => {
  for (let close = closes.pop(); close !== undefined; close = closes.pop()) await close();
};
