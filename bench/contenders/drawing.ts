import { randomInt } from "node:crypto";
import type { Request } from "./contender.ts";

const RANKS = 2 ** 47;

/** Where a draw by rank starts, from 0 to 1. */
export const randomRank = (): number => randomInt(RANKS) / RANKS;

export const noneLeft = ({ code, count }: Request): Error =>
  new Error(code === null ? `There are no ${count} codes left` : `The code ${code} is taken`);

/** For those who can give one code, any one, and nothing else. */
export const onlyAnyOne = (who: string, { count, code }: Request): void => {
  if (count !== 1 || code !== null) throw new Error(`${who} gives one code at a time, and not a certain one`);
};
