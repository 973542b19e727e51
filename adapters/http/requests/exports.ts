import { isOncecodeError, type PublicationQuery } from "oncecode";
import { EXPORT_FIELDS, isExportField } from "../answers/csv.ts";
import { apiErrorOf, badRequest, Refusal } from "../failures.ts";
import type { ExportParameters } from "../wire/exports.ts";
import { isRecord } from "../wire/shape.ts";
import { filtersIn, listQuery } from "./listing.ts";

/** What is to be exported, as it is asked for: names stay as they are on the wire, since they head the columns. */

const refuse = (key: string, details: string): never => {
  throw new Refusal(badRequest(key, details));
};

/** What has to be read, checked by putting the query together. */
export const exportQuery = ({ order, filters }: ExportParameters): PublicationQuery => {
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

/** They are kept, and shown again. */
const PARAMETERS_MAX = 65_536;

export const exportParameters = (json: unknown): ExportParameters => {
  const { exported_object: what, parameters: given } = isRecord(json) ? json : {};
  if (what !== "publication") refuse("invalid_payload", "Property .exported_object must be publication");
  if (given !== undefined && given !== null && !isRecord(given))
    return refuse("invalid_export_params", "Property .parameters must be an object");
  const { order = "-created_at", filters = {}, fields } = given ?? {};
  const parameters = { order: order as string, fields: fieldsIn(fields), filters: filters as object };
  if (JSON.stringify(parameters).length > PARAMETERS_MAX)
    refuse("invalid_export_params", `Property .parameters must be at most ${PARAMETERS_MAX} bytes long`);
  exportQuery(parameters);
  return parameters;
};
