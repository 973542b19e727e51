import { type InputError, inputError } from "../errors.ts";
import { LIMITS } from "./limits.ts";

/** How many more conditions, groups and operands one filter may have. A parser spends before it reads, so that it stops early. */
export interface FilterBudget {
  /** Returns an error if the filter is too large, or null. */
  spend(spent: {
    readonly conditions?: number;
    readonly groups?: number;
    readonly operands?: number;
  }): InputError | null;
}

export const filterBudget = (path: string): FilterBudget => {
  const left = { conditions: LIMITS.conditions, groups: LIMITS.conditions, operands: LIMITS.operands };
  return {
    spend: ({ conditions = 0, groups = 0, operands = 0 }) => {
      left.conditions -= conditions;
      left.groups -= groups;
      left.operands -= operands;
      return left.conditions < 0 || left.groups < 0 || left.operands < 0
        ? inputError(
            "query_too_large",
            path,
            `a filter of at most ${LIMITS.conditions} conditions in ${LIMITS.conditions} groups, with ${LIMITS.operands} operands in all`,
          )
        : null;
    },
  };
};
