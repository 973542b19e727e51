import { type Engine, type ImportReport, LIMITS, type VoucherImport, type VoucherInput } from "oncecode";
import type { Actions, Outcome } from "../answers/actions.ts";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { badRequest, placed, Refusal, rendered } from "../failures.ts";
import { wholeIn } from "../requests/whole.ts";
import { accepted } from "../wire/actions.ts";
import { type Given, given, isRecord, type Struct, whole } from "../wire/shape.ts";
import { additionRequest, importRequest, voucher } from "../wire/vouchers.ts";

/** How a campaign gets its vouchers. */

/** Some clients post a JSON number or null where nothing needs to be said. */
const detailsIn = (body: unknown): object => (isRecord(body) ? body : {});

const addition: Struct<Given> = given("AdditionQuery", { vouchers_count: whole });

interface Addition {
  readonly campaign: string;
  readonly count: unknown;
  readonly details: object;
  /** Fires when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** The engine's `count` is a parameter here. */
const addMany = async (engine: Engine, { campaign, count, details, signal }: Addition): Promise<Outcome> => {
  const asked = { ...details, count: wholeIn("vouchers_count", count, LIMITS.vouchers) };
  const adding = engine.campaigns.addVouchers(campaign, asked, { signal });
  const { added } = await placed(adding, { count: "vouchers_count" });
  return { message: `${added} vouchers were added`, doneCount: added };
};

/** Of what could not be done, so many are told one by one. */
const FAILED_MAX = 100;

const failedOnes = ({ refused }: ImportReport): readonly object[] =>
  refused.slice(0, FAILED_MAX).map(({ index, error }) => {
    const { key, message, details } = rendered(error);
    return { index, key, message, details };
  });

/** More would keep everybody else waiting for too long. */
const IMPORT_MAX = 100_000;

const importAll = async (
  engine: Engine,
  name: string,
  vouchers: readonly VoucherImport[],
  signal: AbortSignal,
): Promise<Outcome> => {
  if (!Array.isArray(vouchers) || vouchers.length > IMPORT_MAX)
    throw new Refusal(
      badRequest("invalid_payload", `Payload must be an array of at most ${IMPORT_MAX} vouchers, each with a code`),
    );
  const report = await engine.campaigns.importVouchers(name, vouchers, { signal });
  return {
    message: `${report.imported} vouchers were imported`,
    doneCount: report.imported,
    failedCount: report.refused.length,
    failed: failedOnes(report),
  };
};

export const stockingEndpoints = (engine: Engine, actions: Actions): readonly Endpoint[] => [
  endpoint(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/vouchers",
      access: "server",
      summary: "Add vouchers with random codes: one is in the answer, of more there is an async action",
      query: addition,
      body: additionRequest,
      answer: { status: 200, is: voucher },
      also: { status: 202, is: accepted },
    },
    async ({ param, query, body, request, requestId }) => {
      const { vouchersCount: count = 1 } = query;
      const details = detailsIn(body);
      if (count !== 1)
        return actions.run("CAMPAIGN.VOUCHERS_GENERATE", requestId, () =>
          addMany(engine, { campaign: param("campaign"), count, details, signal: request.signal }),
        );
      const input: VoucherInput = { ...details, campaign: param("campaign") };
      return ok(voucher.encode(await engine.vouchers.create(input)));
    },
  ),
  endpoint(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/vouchers/:code",
      access: "server",
      summary: "Add a voucher with this code",
      body: additionRequest,
      answer: { status: 200, is: voucher },
    },
    async ({ param, body }) => {
      const input: VoucherInput = { ...detailsIn(body), campaign: param("campaign"), code: param("code") };
      return ok(voucher.encode(await engine.vouchers.create(input)));
    },
  ),
  endpoint<Given, readonly VoucherImport[]>(
    {
      method: "POST",
      path: "/v1/campaigns/:campaign/import",
      access: "server",
      summary: "Import vouchers; those that could not be are in the async action",
      body: importRequest,
      answer: { status: 202, is: accepted },
    },
    ({ param, body, request, requestId }) =>
      actions.run("CAMPAIGN.VOUCHERS_IMPORT", requestId, () =>
        importAll(engine, param("campaign"), body, request.signal),
      ),
  ),
];
