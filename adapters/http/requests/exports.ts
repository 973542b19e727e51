import { isOncecodeError, type PublicationQuery } from "oncecode";
import { badRequest, HttpError, toApiError } from "../api-errors.ts";
import { EXPORT_FIELDS, isExportField } from "../responses/publications-csv.ts";
import { isRecord } from "../wire/codecs.ts";
import type { ExportParameters } from "../wire/exports.ts";
import { filtersFrom, listQuery } from "./list-queries.ts";

// A request for an export. Its fields keep the names of the API, because the names become the headings of columns.

const refuse = (key: string, details: string): never => {
  throw new HttpError(badRequest(key, details));
};

/** The query of an export. It throws if a parameter is wrong. */
export const exportQuery = ({ order, filters }: ExportParameters): PublicationQuery => {
  try {
    return listQuery("publications", { order }, filtersFrom("publications", filters));
  } catch (error) {
    if (!(error instanceof HttpError) && !isOncecodeError(error)) throw error;
    return refuse("invalid_export_params", toApiError(error)?.details ?? error.message);
  }
};

const fieldsFrom = (fields: unknown): readonly string[] => {
  if (fields === undefined || fields === null) return EXPORT_FIELDS;
  const isList = Array.isArray(fields) && fields.length > 0 && fields.length <= 100;
  const unknownField = isList ? fields.find((field) => typeof field !== "string" || !isExportField(field)) : fields;
  if (isList && unknownField === undefined) return fields as readonly string[];
  return refuse(
    "invalid_export_fields",
    `Property .parameters.fields must be a list of: ${EXPORT_FIELDS.join(", ")}, metadata.<key>`,
  );
};

/** The parameters are kept in memory and sent back, so they have a limit. */
const PARAMETERS_BYTES_MAX = 65_536;

export const exportParameters = (json: unknown): ExportParameters => {
  const { exported_object: exportedObject, parameters: parametersInput } = isRecord(json) ? json : {};
  if (exportedObject !== "publication") refuse("invalid_payload", "Property .exported_object must be publication");
  if (parametersInput !== undefined && parametersInput !== null && !isRecord(parametersInput))
    return refuse("invalid_export_params", "Property .parameters must be an object");
  const { order = "-created_at", filters = {}, fields } = parametersInput ?? {};
  const parameters = { order: order as string, fields: fieldsFrom(fields), filters: filters as object };
  if (JSON.stringify(parameters).length > PARAMETERS_BYTES_MAX)
    refuse("invalid_export_params", `Property .parameters must be at most ${PARAMETERS_BYTES_MAX} bytes long`);
  exportQuery(parameters);
  return parameters;
};
