import * as t from "io-ts";
import type { ApiError } from "../api-errors.ts";
import { Leaf, type Struct, struct, viewCodec, type WireCodec, wholeNumber } from "./codecs.ts";

interface ErrorView extends Omit<ApiError, "status" | "headers"> {
  readonly code: number;
  readonly requestId: string;
}
const errorStruct: Struct<ErrorView> = struct<ErrorView>()(
  "Error",
  { code: wholeNumber, message: t.string, request_id: t.string },
  { optional: { key: t.string, details: t.string, resource_id: t.string, resource_type: t.string } },
);

/** The error for a body that is too large. The contract has another shape for it (section 4). */
export interface PayloadTooLarge {
  readonly statusCode: 413;
  readonly error: "Request Entity Too Large";
  readonly message: string;
}
/** The API has this error in camelCase. */
export const payloadTooLarge: Leaf<PayloadTooLarge> = new Leaf<PayloadTooLarge>(
  "TooLarge",
  {
    type: "object",
    properties: {
      statusCode: { const: 413 },
      error: { const: "Request Entity Too Large" },
      message: { type: "string" },
    },
    required: ["statusCode", "error", "message"],
  },
  () => undefined,
);

/** An error with the id of its request. */
export const apiError: WireCodec<{ readonly error: ApiError; readonly requestId: string }> = viewCodec(
  errorStruct,
  ({ error: { status, headers: _, ...error }, requestId }) => ({ ...error, code: status, requestId }),
);
