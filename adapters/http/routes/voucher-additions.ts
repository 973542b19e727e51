import { type Engine, type ImportReport, LIMITS, type VoucherImport, type VoucherInput } from "oncecode";
import { badRequest, engineErrorToApiError, HttpError, withWirePaths } from "../api-errors.ts";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { wholeNumberFrom } from "../requests/query-string.ts";
import type { ActionResult, AsyncActionLog } from "../responses/async-action-log.ts";
import { acceptedResponse } from "../wire/async-actions.ts";
import { inputStruct, isRecord, type Struct, type UnknownRecord, wholeNumber } from "../wire/codecs.ts";
import { additionRequest, importRequest, voucher } from "../wire/vouchers.ts";

// Endpoints that add vouchers to a campaign.

/** Some clients send a number or null as the body. Such a body has no details. */
const detailsFrom = (body: unknown): object => (isRecord(body) ? body : {});

const additionQuery: Struct<UnknownRecord> = inputStruct("AdditionQuery", { vouchers_count: wholeNumber });

interface Addition {
  readonly campaign: string;
  readonly count: unknown;
  readonly details: object;
  /** Aborts when the caller has closed the connection. */
  readonly signal: AbortSignal;
}

/** The API has the engine's `count` as a parameter of the query. */
const addGeneratedVouchers = async (
  engine: Engine,
  { campaign, count, details, signal }: Addition,
): Promise<ActionResult> => {
  const input = { ...details, count: wholeNumberFrom("vouchers_count", count, LIMITS.vouchers) };
  const result = engine.campaigns.addVouchers(campaign, input, { signal });
  const { added } = await withWirePaths(result, { count: "vouchers_count" });
  return { message: `${added} vouchers were added`, doneCount: added };
};

/** The largest number of failed vouchers that the response lists. */
const FAILED_MAX = 100;

const failedImports = ({ refused }: ImportReport): readonly object[] =>
  refused.slice(0, FAILED_MAX).map(({ index, error }) => {
    const { key, message, details } = engineErrorToApiError(error);
    return { index, key, message, details };
  });

/** A longer import would delay other requests for too long. */
const IMPORT_MAX = 100_000;

const importVouchers = async (
  engine: Engine,
  name: string,
  vouchers: readonly VoucherImport[],
  signal: AbortSignal,
): Promise<ActionResult> => {
  if (!Array.isArray(vouchers) || vouchers.length > IMPORT_MAX)
    throw new HttpError(
      badRequest("invalid_payload", `Payload must be an array of at most ${IMPORT_MAX} vouchers, each with a code`),
    );
  const report = await engine.campaigns.importVouchers(name, vouchers, { signal });
  return {
    message: `${report.imported} vouchers were imported`,
    doneCount: report.imported,
    failedCount: report.refused.length,
    failed: failedImports(report),
  };
};

export const voucherAdditionEndpoints = (engine: Engine, actions: AsyncActionLog): readonly Endpoint[] => [
  endpoint(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/vouchers",
      access: "server",
      summary: "Add vouchers with random codes. The response has one voucher, or the id of an async action",
      query: additionQuery,
      body: additionRequest,
      response: { status: 200, codec: voucher },
      otherResponse: { status: 202, codec: acceptedResponse },
    },
    async ({ param, query, body, request, requestId }) => {
      const { vouchersCount: count = 1 } = query;
      const details = detailsFrom(body);
      if (count !== 1)
        return actions.run("CAMPAIGN.VOUCHERS_GENERATE", requestId, () =>
          addGeneratedVouchers(engine, { campaign: param("campaign"), count, details, signal: request.signal }),
        );
      const input: VoucherInput = { ...details, campaign: param("campaign") };
      const created = withWirePaths(engine.vouchers.create(input), { code: "code (at the end of the URL)" });
      return ok(voucher.encode(await created));
    },
  ),
  endpoint(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/vouchers/:code",
      access: "server",
      summary: "Add a voucher with this code",
      body: additionRequest,
      response: { status: 200, codec: voucher },
    },
    async ({ param, body }) => {
      const input: VoucherInput = { ...detailsFrom(body), campaign: param("campaign"), code: param("code") };
      return ok(voucher.encode(await engine.vouchers.create(input)));
    },
  ),
  endpoint<UnknownRecord, readonly VoucherImport[]>(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/import",
      access: "server",
      summary: "Import vouchers. The async action lists the refused ones",
      body: importRequest,
      response: { status: 202, codec: acceptedResponse },
    },
    ({ param, body, request, requestId }) =>
      actions.run("CAMPAIGN.VOUCHERS_IMPORT", requestId, () =>
        importVouchers(engine, param("campaign"), body, request.signal),
      ),
  ),
];
