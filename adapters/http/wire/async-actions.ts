import * as t from "io-ts";
import { instant, list, metadata, type Struct, struct, wholeNumber } from "./codecs.ts";

/** An action that the contract calls asynchronous. Here it ends before its response (contract 1.12). */
export interface AsyncAction {
  readonly id: string;
  readonly type: "CAMPAIGN.VOUCHERS_GENERATE" | "CAMPAIGN.VOUCHERS_IMPORT" | "CAMPAIGN.DELETE";
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly requestId: string;
  /** Milliseconds. */
  readonly processingTime: number;
  readonly result: {
    readonly message: string;
    readonly doneCount: number;
    readonly failedCount: number;
    readonly failed: readonly object[];
  };
}

export const asyncAction: Struct<AsyncAction> = struct<AsyncAction>()(
  "AsyncAction",
  {
    id: t.string,
    type: t.keyof({ "CAMPAIGN.VOUCHERS_GENERATE": null, "CAMPAIGN.VOUCHERS_IMPORT": null, "CAMPAIGN.DELETE": null }),
    created_at: instant,
    updated_at: instant,
    request_id: t.string,
    processing_time: wholeNumber,
    result: struct<AsyncAction["result"]>()("AsyncActionResult", {
      message: t.string,
      done_count: wholeNumber,
      failed_count: wholeNumber,
      failed: list(metadata),
    }),
  },
  { constants: { status: "DONE", operation_status: "SUCCESS", progress: 100, object: "async_action" } },
);

/** The response that names the action. */
export const acceptedResponse: Struct<{ readonly asyncActionId: string }> = struct<{
  readonly asyncActionId: string;
}>()("Accepted", { async_action_id: t.string });
