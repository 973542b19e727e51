import type { EndpointResponse } from "../endpoint.ts";
import { type AsyncAction, acceptedResponse } from "../wire/async-actions.ts";
import { newActionId } from "./random-ids.ts";
import { createRecentRecords, type RecentRecords } from "./recent-records.ts";

/** The result of an action on many records. */
export interface ActionResult {
  readonly message: string;
  readonly doneCount: number;
  readonly failedCount?: number;
  /** Details of some failed records. */
  readonly failed?: readonly object[];
}

/** Runs actions that the contract calls asynchronous. Here an action ends before its response. The process keeps the latest. */
export interface AsyncActionLog extends Pick<RecentRecords<AsyncAction>, "get" | "list"> {
  /** Performs an action, and responds as the contract does to an asynchronous one. */
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
