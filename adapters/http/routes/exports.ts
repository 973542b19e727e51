import { hash, timingSafeEqual } from "node:crypto";
import * as t from "io-ts";
import { type Engine, isOncecodeError, type PublicationQuery } from "oncecode";
import { csvOf, EXPORT_FIELDS, isExportField } from "../answers/csv.ts";
import { exportId, secret } from "../answers/random.ts";
import { type Recent, recent } from "../answers/recent.ts";
import { done, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { apiErrorOf, badRequest, notFound, Refusal, unauthorized } from "../failures.ts";
import { filtersIn, listQuery } from "../requests/listing.ts";
import { type Export, type ExportParameters, exportRequest, exportShape } from "../wire/exports.ts";
import { listOf } from "../wire/lists.ts";
import { type Given, given, type Struct, whole } from "../wire/shape.ts";

const exportList: Struct<Given> = listOf("ExportList", "exports", exportShape);
const exportsQuery: Struct<Given> = given("ExportsQuery", { limit: whole, page: whole, order: t.string });

const refuse = (key: string, details: string): never => {
  throw new Refusal(badRequest(key, details));
};

const isObject = (value: unknown): value is Given =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What has to be read, checked by putting the query together. */
const queryOf = ({ order, filters }: ExportParameters): PublicationQuery => {
  try {
    return listQuery("publications", { order }, filtersIn("publications", filters));
  } catch (error) {
    if (!(error instanceof Refusal) && !isOncecodeError(error)) throw error;
    return refuse("invalid_export_params", apiErrorOf(error)?.details ?? error.message);
  }
};

const fieldsIn = (fields: unknown): readonly string[] => {
  if (fields === undefined || fields === null) return EXPORT_FIELDS;
  const isList = Array.isArray(fields) && fields.length > 0 && fields.length <= 100;
  const unknown = isList ? fields.find((field) => typeof field !== "string" || !isExportField(field)) : fields;
  if (isList && unknown === undefined) return fields as readonly string[];
  return refuse(
    "invalid_export_fields",
    `Property .parameters.fields must be a list of: ${EXPORT_FIELDS.join(", ")}, metadata.<key>`,
  );
};

const parametersIn = (json: unknown): ExportParameters => {
  const { exported_object: what, parameters: given } = isObject(json) ? json : {};
  if (what !== "publication") refuse("invalid_payload", "Property .exported_object must be publication");
  if (given !== undefined && given !== null && !isObject(given))
    return refuse("invalid_export_params", "Property .parameters must be an object");
  const { order = "-created_at", filters = {}, fields } = given ?? {};
  const parameters = { order: order as string, fields: fieldsIn(fields), filters: filters as object };
  queryOf(parameters);
  return parameters;
};

const digest = (text: string): Buffer => hash("sha256", text, "buffer");

const view = ({ token, ...one }: Export, request: Request): object =>
  exportShape.encode({
    ...one,
    result: { url: `${new URL(request.url).origin}/v1/exports/${one.id}/rows?token=${token}` },
  });

const find = (kept: Recent<Export>, id: string): Export => {
  const one = kept.get(id);
  if (one === undefined) throw new Refusal(notFound(`Cannot find export with id ${id}`, { id, type: "export" }));
  return one;
};

export const exportEndpoints = (engine: Engine, kept: Recent<Export> = recent<Export>()): readonly Endpoint[] => [
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
        parameters: parametersIn(json),
        token: secret(),
      };
      kept.add(one);
      return ok(view(one, request));
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
      const [limit, page] = [query.limit ?? 10, query.page ?? 1];
      if (!(typeof limit === "number" && limit >= 1 && limit <= 100))
        return refuse("invalid_query_params", "Property .limit must be a whole number from 1 to 100");
      if (!(typeof page === "number" && page >= 1))
        return refuse("invalid_query_params", "Property .page must be 1 or more");
      const all = kept.list();
      const shown = all.slice((page - 1) * limit, page * limit);
      return ok({
        ...exportList.encode({ exports: [], total: all.length }),
        exports: shown.map((one) => view(one, request)),
      });
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
    async ({ param, request }) => ok(view(find(kept, param("id")), request)),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/exports/:id/rows",
      access: "anyone",
      summary: "The rows of an export, as CSV, for whoever has its token",
      query: given("RowsQuery", { token: t.string }),
      answer: { status: 200, csv: true },
    },
    async ({ param, query }) => {
      const one = kept.get(param("id"));
      const token = typeof query.token === "string" ? query.token : "";
      const right = timingSafeEqual(digest(token), digest(one?.token ?? secret()));
      if (one === undefined || !right) throw new Refusal(unauthorized);
      return { status: 200, body: csvOf(engine, queryOf(one.parameters), one.parameters) };
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
