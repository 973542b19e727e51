import * as t from "io-ts";
import { HttpError, invalidParameter, notFound } from "../api-errors.ts";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { wholeNumberFrom } from "../requests/query-string.ts";
import type { AsyncActionLog } from "../responses/async-action-log.ts";
import { asyncAction } from "../wire/async-actions.ts";
import { inputStruct, instant, type Struct, type UnknownRecord, wholeNumber } from "../wire/codecs.ts";
import { listEnvelope } from "../wire/lists.ts";

const asyncActionList: Struct<UnknownRecord> = listEnvelope("AsyncActionList", "async_actions", asyncAction, {
  has_more: t.boolean,
});
const asyncActionsQuery: Struct<UnknownRecord> = inputStruct("AsyncActionsQuery", {
  limit: wholeNumber,
  end_date: instant,
});

const LIMIT_MAX = 100;
const endTimeOf = ({ endDate }: UnknownRecord): number => {
  if (endDate === undefined) return Number.POSITIVE_INFINITY;
  const time = typeof endDate === "string" ? Date.parse(endDate) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw invalidParameter("end_date", "a date");
};

export const asyncActionEndpoints = (actions: AsyncActionLog): readonly Endpoint[] => [
  endpoint(
    {
      method: "GET",
      path: "/v1/async-actions",
      access: "server",
      summary: "List the latest async actions of this process",
      query: asyncActionsQuery,
      response: { status: 200, codec: asyncActionList },
    },
    async ({ query }) => {
      const [limit, end] = [wholeNumberFrom("limit", query.limit ?? LIMIT_MAX, LIMIT_MAX), endTimeOf(query)];
      const untilEnd = actions.list().filter(({ createdAt }) => Date.parse(createdAt) <= end);
      return ok(asyncActionList.encode({ asyncActions: untilEnd.slice(0, limit), hasMore: untilEnd.length > limit }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/async-actions/:id",
      access: "server",
      summary: "Get an async action",
      response: { status: 200, codec: asyncAction },
    },
    async ({ param }) => {
      const id = param("id");
      const action = actions.get(id);
      if (action === undefined)
        throw new HttpError(notFound(`Cannot find async action with id ${id}`, { id, type: "async_action" }));
      return ok(asyncAction.encode(action));
    },
  ),
];
