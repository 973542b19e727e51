import * as t from "io-ts";
import type { ApiError } from "../failures.ts";
import { Leaf, type Struct, shown, struct, type Wire, whole } from "./shape.ts";

interface ErrorView extends Omit<ApiError, "status" | "headers"> {
  readonly code: number;
  readonly requestId: string;
}
const shape: Struct<ErrorView> = struct<ErrorView>()(
  "Error",
  { code: whole, message: t.string, request_id: t.string },
  { optional: { key: t.string, details: t.string, resource_id: t.string, resource_type: t.string } },
);

/** What is answered to a body that is too large: the contract has another shape for this one (4). */
export interface TooLarge {
  readonly statusCode: 413;
  readonly error: "Request Entity Too Large";
  readonly message: string;
}
/** Its names are in camelCase on the wire, too. */
export const tooLarge: Leaf<TooLarge> = new Leaf<TooLarge>(
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

/** An error, with the id of the request that it answers. */
export const apiError: Wire<{ readonly error: ApiError; readonly requestId: string }> = shown(
  shape,
  ({ error: { status, headers: _, ...error }, requestId }) => ({ ...error, code: status, requestId }),
);
