import { timingSafeEqual } from "node:crypto";
import * as t from "io-ts";
import type { Engine } from "oncecode";
import { digest } from "../access/keys.ts";
import { csvOf } from "../answers/csv.ts";
import { exportId, secret } from "../answers/random.ts";
import { type Recent, recent } from "../answers/recent.ts";
import { done, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { notFound, Refusal, unauthorized, wrongParameter } from "../failures.ts";
import type { HandlerOptions } from "../options.ts";
import { exportParameters, exportQuery } from "../requests/exports.ts";
import { wholeIn } from "../requests/whole.ts";
import { type Export, type ExportView, exportRequest, exportShape } from "../wire/exports.ts";
import { listOf } from "../wire/lists.ts";
import { type Given, given, type Struct, whole } from "../wire/shape.ts";

const exportList: Struct<Given> = listOf("ExportList", "exports", exportShape);
const exportsQuery: Struct<Given> = given("ExportsQuery", { limit: whole, page: whole, order: t.string });

const find = (kept: Recent<Export>, id: string): Export => {
  const one = kept.get(id);
  if (one === undefined) throw new Refusal(notFound(`Cannot find export with id ${id}`, { id, type: "export" }));
  return one;
};

/** The latest first, unless asked for otherwise. */
const ordered = (all: readonly Export[], order: unknown): readonly Export[] => {
  if (order === undefined || order === "-created_at") return all;
  if (order === "created_at") return all.toReversed();
  throw wrongParameter("order", "one of: created_at, -created_at");
};

const pageOf = (all: readonly Export[], { limit = 10, page = 1, order }: Given): readonly Export[] => {
  const [size, number] = [wholeIn("limit", limit, 100), wholeIn("page", page, 1000)];
  return ordered(all, order).slice((number - 1) * size, number * size);
};

export const exportEndpoints = (engine: Engine, { publicUrl, onError }: HandlerOptions): readonly Endpoint[] => {
  const kept = recent<Export>();
  const view = ({ token, ...one }: Export, request: Request): ExportView => {
    const root = publicUrl?.replace(/\/+$/, "") ?? new URL(request.url).origin;
    return { ...one, result: { url: `${root}/v1/exports/${one.id}/rows?token=${token}` } };
  };
  return [
    endpoint(
      {
        method: "POST",
        path: "/v1/exports",
        access: "server",
        summary: "Export publications as CSV",
        body: exportRequest,
        answer: { status: 200, is: exportShape },
      },
      async ({ json, request }) => {
        const one = {
          id: exportId(),
          createdAt: new Date().toISOString(),
          parameters: exportParameters(json),
          token: secret(),
        };
        kept.add(one);
        return ok(exportShape.encode(view(one, request)));
      },
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports",
        access: "server",
        summary: "List the exports that this process remembers",
        query: exportsQuery,
        answer: { status: 200, is: exportList },
      },
      async ({ query, request }) => {
        const all = kept.list();
        const exports = pageOf(all, query).map((one) => view(one, request));
        return ok(exportList.encode({ exports, total: all.length }));
      },
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports/:id",
        access: "server",
        summary: "Get an export, and where its rows are",
        answer: { status: 200, is: exportShape },
      },
      async ({ param, request }) => ok(exportShape.encode(view(find(kept, param("id")), request))),
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports/:id/rows",
        access: "anyone",
        summary: "The rows of an export, as CSV, for whoever has its token",
        query: given("RowsQuery", {}, { token: t.string }),
        answer: { status: 200, csv: true },
      },
      async ({ param, query, requestId }) => {
        const one = kept.get(param("id"));
        const token = typeof query.token === "string" ? query.token : "";
        const right = timingSafeEqual(digest(token), digest(one?.token ?? secret()));
        if (one === undefined || !right) throw new Refusal(unauthorized);
        return {
          status: 200,
          body: csvOf(engine, exportQuery(one.parameters), one.parameters, (error) => onError?.(error, requestId)),
        };
      },
    ),
    endpoint(
      {
        method: "DELETE",
        path: "/v1/exports/:id",
        access: "server",
        summary: "Forget an export",
        answer: { status: 204 },
      },
      async ({ param }) => {
        kept.delete(find(kept, param("id")).id);
        return done;
      },
    ),
  ];
};
