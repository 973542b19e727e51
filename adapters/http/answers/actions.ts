import type { Answer } from "../endpoint.ts";
import { type AsyncAction, accepted } from "../wire/actions.ts";
import { actionId } from "./random.ts";
import { type Recent, recent } from "./recent.ts";

/** What was done, and what could not be. */
export interface Outcome {
  readonly message: string;
  readonly doneCount: number;
  readonly failedCount?: number;
  /** Some of them, or all. */
  readonly failed?: readonly object[];
}

/** Actions that are done by the time their caller hears of them. The latest are remembered by the process that did them. */
export interface Actions extends Pick<Recent<AsyncAction>, "get" | "list"> {
  /** Does it, and answers as the contract answers to what takes long. */
  run(type: AsyncAction["type"], requestId: string, what: () => Promise<Outcome>): Promise<Answer>;
}

export const actions = (): Actions => {
  const { add, get, list } = recent<AsyncAction>();
  return {
    get,
    list,
    run: async (type, requestId, what) => {
      const began = new Date();
      const { message, doneCount, failedCount = 0, failed = [] } = await what();
      const ended = new Date();
      const id = actionId();
      add({
        id,
        type,
        createdAt: began.toISOString(),
        updatedAt: ended.toISOString(),
        requestId,
        processingTime: ended.getTime() - began.getTime(),
        result: { message, doneCount, failedCount, failed },
      });
      return { status: 202, body: accepted.encode({ asyncActionId: id }) };
    },
  };
};
