import * as t from "io-ts";
import { inputStruct, instant, list, metadata, nullable, type Struct, struct, type UnknownRecord } from "./codecs.ts";

const parametersRequest = inputStruct("ExportParametersRequest", {
  order: t.string,
  fields: list(t.string),
  filters: t.UnknownRecord,
});
export const exportRequest: Struct<UnknownRecord> = inputStruct(
  "ExportRequest",
  { parameters: nullable(parametersRequest) },
  { exported_object: t.literal("publication") },
);

/** The parameters of an export. They keep the names of the API, because the names become the headings of columns. */
export interface ExportParameters {
  readonly order: string;
  readonly fields: readonly string[];
  readonly filters: object;
}

/** An export. Its rows are read when a caller downloads it (contract 1.12). */
export interface Export {
  readonly id: string;
  readonly createdAt: string;
  readonly parameters: ExportParameters;
  /** A caller with this token may download the rows. */
  readonly token: string;
}

/** An export in a response. The token is only in the URL of the rows. */
export interface ExportView extends Omit<Export, "token"> {
  readonly result: { readonly url: string };
}
export const exportStruct: Struct<ExportView> = struct<ExportView>()(
  "Export",
  {
    id: t.string,
    created_at: instant,
    parameters: struct<ExportParameters>()("ExportParameters", {
      order: t.string,
      fields: list(t.string),
      filters: metadata,
    }),
    result: struct<ExportView["result"]>()("ExportResult", { url: t.string }),
  },
  { constants: { object: "export", status: "DONE", channel: "API", exported_object: "publication", user_id: null } },
);
