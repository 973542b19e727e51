import { timingSafeEqual } from "node:crypto";
import * as t from "io-ts";
import type { Engine } from "oncecode";
import { digest } from "../access/keys.ts";
import { HttpError, invalidParameter, notFound, unauthorized } from "../api-errors.ts";
import { type Endpoint, endpoint, noContent, ok } from "../endpoint.ts";
import type { HandlerOptions } from "../options.ts";
import { exportParameters, exportQuery } from "../requests/exports.ts";
import { wholeNumberFrom } from "../requests/query-string.ts";
import { csvStream } from "../responses/publications-csv.ts";
import { newExportId, newSecret } from "../responses/random-ids.ts";
import { createRecentRecords, type RecentRecords } from "../responses/recent-records.ts";
import { inputStruct, type Struct, type UnknownRecord, wholeNumber } from "../wire/codecs.ts";
import { type Export, type ExportView, exportRequest, exportStruct } from "../wire/exports.ts";
import { listEnvelope } from "../wire/lists.ts";

const exportList: Struct<UnknownRecord> = listEnvelope("ExportList", "exports", exportStruct);
const exportsQuery: Struct<UnknownRecord> = inputStruct("ExportsQuery", {
  limit: wholeNumber,
  page: wholeNumber,
  order: t.string,
});

const findExport = (recentExports: RecentRecords<Export>, id: string): Export => {
  const one = recentExports.get(id);
  if (one === undefined) throw new HttpError(notFound(`Cannot find export with id ${id}`, { id, type: "export" }));
  return one;
};

/** The default order is newest first. */
const sortExports = (all: readonly Export[], order: unknown): readonly Export[] => {
  if (order === undefined || order === "-created_at") return all;
  if (order === "created_at") return all.toReversed();
  throw invalidParameter("order", "one of: created_at, -created_at");
};

const pageOf = (all: readonly Export[], { limit = 10, page = 1, order }: UnknownRecord): readonly Export[] => {
  const [size, number] = [wholeNumberFrom("limit", limit, 100), wholeNumberFrom("page", page, 1000)];
  return sortExports(all, order).slice((number - 1) * size, number * size);
};

export const exportEndpoints = (engine: Engine, { publicUrl, onError }: HandlerOptions): readonly Endpoint[] => {
  const recentExports = createRecentRecords<Export>();
  const exportView = ({ token, ...one }: Export, request: Request): ExportView => {
    const baseUrl = publicUrl?.replace(/\/+$/, "") ?? new URL(request.url).origin;
    return { ...one, result: { url: `${baseUrl}/v1/exports/${one.id}/rows?token=${token}` } };
  };
  return [
    endpoint(
      {
        method: "POST",
        path: "/v1/exports",
        access: "server",
        summary: "Export publications as CSV",
        body: exportRequest,
        response: { status: 200, codec: exportStruct },
      },
      async ({ wireBody, request }) => {
        const one = {
          id: newExportId(),
          createdAt: new Date().toISOString(),
          parameters: exportParameters(wireBody),
          token: newSecret(),
        };
        recentExports.add(one);
        return ok(exportStruct.encode(exportView(one, request)));
      },
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports",
        access: "server",
        summary: "List the latest exports of this process",
        query: exportsQuery,
        response: { status: 200, codec: exportList },
      },
      async ({ query, request }) => {
        const all = recentExports.list();
        const exports = pageOf(all, query).map((one) => exportView(one, request));
        return ok(exportList.encode({ exports, total: all.length }));
      },
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports/:id",
        access: "server",
        summary: "Get an export with the URL of its rows",
        response: { status: 200, codec: exportStruct },
      },
      async ({ param, request }) =>
        ok(exportStruct.encode(exportView(findExport(recentExports, param("id")), request))),
    ),
    endpoint(
      {
        method: "GET",
        path: "/v1/exports/:id/rows",
        access: "anyone",
        summary: "Download the rows of an export as CSV, with its token",
        query: inputStruct("RowsQuery", {}, { token: t.string }),
        response: { status: 200, csv: true },
      },
      async ({ param, query, requestId }) => {
        const one = recentExports.get(param("id"));
        const token = typeof query.token === "string" ? query.token : "";
        const isValidToken = timingSafeEqual(digest(token), digest(one?.token ?? newSecret()));
        if (one === undefined || !isValidToken) throw new HttpError(unauthorized);
        return {
          status: 200,
          body: csvStream(engine, exportQuery(one.parameters), one.parameters, (error) => onError?.(error, requestId)),
        };
      },
    ),
    endpoint(
      {
        method: "DELETE",
        path: "/v1/exports/:id",
        access: "server",
        summary: "Delete an export",
        response: { status: 204 },
      },
      async ({ param }) => {
        recentExports.delete(findExport(recentExports, param("id")).id);
        return noContent;
      },
    ),
  ];
};
