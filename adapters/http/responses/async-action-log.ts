import type { EndpointResponse } from "../endpoint.ts";
import { type AsyncAction, acceptedResponse } from "../wire/async-actions.ts";
import { newActionId } from "./random-ids.ts";
import { createRecentRecords, type RecentRecords } from "./recent-records.ts";

/** What was done, and what could not be. */
export interface ActionResult {
  readonly message: string;
  readonly doneCount: number;
  readonly failedCount?: number;
  /** Some of them, or all. */
  readonly failed?: readonly object[];
}

/** Actions that are done by the time their caller hears of them. The latest are remembered by the process that did them. */
export interface AsyncActionLog extends Pick<RecentRecords<AsyncAction>, "get" | "list"> {
  /** Does it, and answers as the contract answers to what takes long. */
  run(type: AsyncAction["type"], requestId: string, perform: () => Promise<ActionResult>): Promise<EndpointResponse>;
}

export const createAsyncActionLog = (): AsyncActionLog => {
  const { add, get, list } = createRecentRecords<AsyncAction>();
  return {
    get,
    list,
    run: async (type, requestId, perform) => {
      const startedAt = new Date();
      const { message, doneCount, failedCount = 0, failed = [] } = await perform();
      const finishedAt = new Date();
      const id = newActionId();
      add({
        id,
        type,
        createdAt: startedAt.toISOString(),
        updatedAt: finishedAt.toISOString(),
        requestId,
        processingTime: finishedAt.getTime() - startedAt.getTime(),
        result: { message, doneCount, failedCount, failed },
      });
      return { status: 202, body: acceptedResponse.encode({ asyncActionId: id }) };
    },
  };
};
