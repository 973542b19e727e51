import { randomInt } from "node:crypto";
import type { Request } from "../subjects/subject.ts";

const RANK_STEPS = 2 ** 47;

/** The rank at which a draw starts, from 0 to 1. */
export const randomRank = (): number => randomInt(RANK_STEPS) / RANK_STEPS;

export const noCodesLeftError = ({ code, count }: Request): Error =>
  new Error(code === null ? `There are no ${count} codes left` : `The code ${code} is taken`);

/** For baselines that can publish only one code, and cannot choose which. */
export const expectSingleRandomCode = (subjectName: string, { count, code }: Request): void => {
  if (count !== 1 || code !== null) throw new Error(`${subjectName} publishes one random code at a time`);
};
