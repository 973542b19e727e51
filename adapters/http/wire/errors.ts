import * as t from "io-ts";
import type { ApiError } from "../failures.ts";
import { type Struct, shown, struct, type Wire, whole } from "./shape.ts";

interface ErrorView extends Omit<ApiError, "status" | "headers"> {
  readonly code: number;
  readonly requestId: string;
}
const shape: Struct<ErrorView> = struct<ErrorView>()(
  "Error",
  { code: whole, message: t.string, request_id: t.string },
  { optional: { key: t.string, details: t.string, resource_id: t.string, resource_type: t.string } },
);

/** An error, with the id of the request that it answers. */
export const apiError: Wire<{ readonly error: ApiError; readonly requestId: string }> = shown(
  shape,
  ({ error: { status, headers: _, ...error }, requestId }) => ({ ...error, code: status, requestId }),
);
