import * as t from "io-ts";
import type { Actions } from "../answers/actions.ts";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { notFound, Refusal, wrongParameter } from "../failures.ts";
import { wholeIn } from "../requests/whole.ts";
import { asyncAction } from "../wire/actions.ts";
import { listOf } from "../wire/lists.ts";
import { type Given, given, instant, type Struct, whole } from "../wire/shape.ts";

const actionList: Struct<Given> = listOf("AsyncActionList", "async_actions", asyncAction, { has_more: t.boolean });
const actionsQuery: Struct<Given> = given("AsyncActionsQuery", { limit: whole, end_date: instant });

const LIMIT_MAX = 100;
const endOf = ({ endDate }: Given): number => {
  if (endDate === undefined) return Number.POSITIVE_INFINITY;
  const time = typeof endDate === "string" ? Date.parse(endDate) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw wrongParameter("end_date", "a date");
};

export const actionEndpoints = (actions: Actions): readonly Endpoint[] => [
  endpoint(
    {
      method: "GET",
      path: "/v1/async-actions",
      access: "server",
      summary: "List what was done lately, by this process, in answers with an async_action_id",
      query: actionsQuery,
      answer: { status: 200, is: actionList },
    },
    async ({ query }) => {
      const [limit, end] = [wholeIn("limit", query.limit ?? LIMIT_MAX, LIMIT_MAX), endOf(query)];
      const until = actions.list().filter(({ createdAt }) => Date.parse(createdAt) <= end);
      return ok(actionList.encode({ asyncActions: until.slice(0, limit), hasMore: until.length > limit }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/async-actions/:id",
      access: "server",
      summary: "Get what was done, as answered with an async_action_id",
      answer: { status: 200, is: asyncAction },
    },
    async ({ param }) => {
      const id = param("id");
      const action = actions.get(id);
      if (action === undefined)
        throw new Refusal(notFound(`Cannot find async action with id ${id}`, { id, type: "async_action" }));
      return ok(asyncAction.encode(action));
    },
  ),
];
