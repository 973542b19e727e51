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

/** What is exported: names as they are on the wire, since they head the columns. */
export interface ExportParameters {
  readonly order: string;
  readonly fields: readonly string[];
  readonly filters: object;
}

/** An export that can be fetched: its rows are read when they are (contract 1.12). */
export interface Export {
  readonly id: string;
  readonly createdAt: string;
  readonly parameters: ExportParameters;
  /** Whoever has it may fetch the rows. */
  readonly token: string;
}

/** What a caller sees of it: where the rows are, instead of the token itself. */
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
