import voucherify, { type DiscountVouchersTypesEnum } from "@voucherify/sdk";
import type { Engine } from "oncecode";
import { expect } from "vitest";
import { createApi, listen, ORIGIN } from "../../../support/http-api.ts";

type Server = ReturnType<typeof voucherify.VoucherifyServerSide>;
type Web = ReturnType<typeof voucherify.VoucherifyClientSide>;

/** The official client, connected to a server. */
export interface ConnectedClient extends Server {
  readonly engine: Engine;
  readonly url: string;
  readonly web: Web;
}

export const serverClient = (apiUrl: string): Server =>
  voucherify.VoucherifyServerSide({ applicationId: "app", secretKey: "app-token", apiUrl });

export const webClient = (apiUrl: string, origin: string = ORIGIN): Web =>
  voucherify.VoucherifyClientSide({ clientApplicationId: "web", clientSecretKey: "web-token", apiUrl, origin });

export const connectClient = async (options: Parameters<typeof createApi>[0] = {}): Promise<ConnectedClient> => {
  const { engine, handler } = await createApi(options);
  const url = await listen(handler);
  return { ...serverClient(url), engine, url, web: webClient(url) };
};

interface Percent {
  readonly type: DiscountVouchersTypesEnum.PERCENT;
  readonly percent_off: number;
}
export const PERCENT: Percent = { type: voucherify.DiscountVouchersTypesEnum.PERCENT, percent_off: 10 };

type CampaignBody = Parameters<Server["campaigns"]["create"]>[0];

export const campaignBody = (name: string, more: Partial<CampaignBody> = {}): CampaignBody => ({
  name,
  campaign_type: "DISCOUNT_COUPONS",
  type: "STATIC",
  voucher: { type: "DISCOUNT_VOUCHER", discount: PERCENT },
  ...more,
});

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const ID: Readonly<Record<"publication" | "voucher" | "customer" | "campaign" | "action" | "request", unknown>> =
  {
    publication: matching(/^pub_[0-9A-Za-z]{32}$/),
    voucher: matching(/^v_[0-9A-Za-z]{32}$/),
    customer: matching(/^cust_[0-9A-Za-z]{24}$/),
    campaign: matching(/^camp_[0-9A-Za-z]{24}$/),
    action: matching(/^aa_[0-9a-f]{18}$/),
    request: matching(/^v-[0-9a-f]{18}$/),
  };
export const INSTANT: unknown = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** Waits until the clock has moved on. */
export const nextMillisecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));

export const NO_RULES: object = { object: "list", data_ref: "data", data: [], total: 0 };

/** The expected error of a client. Without a message, any message is right. */
export interface ExpectedError {
  readonly code: number;
  readonly key: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
  readonly resource_id?: string;
  readonly resource_type?: string;
}

const rejectionOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.fail("It was accepted"),
    (error: unknown) => error,
  );

/** Checks that the call fails with a `VoucherifyError` with the contract's properties. */
export const expectRefusal = async (call: Promise<unknown>, wrong: ExpectedError): Promise<void> => {
  const error = await rejectionOf(call);
  expect(error).toBeInstanceOf(Error);
  const { message } = error as Error;
  // Vitest does not compare the message of an error, so this compares a plain object.
  expect({ ...(error as object), message }).toMatchObject({
    message: matching(/\S/),
    ...wrong,
    request_id: ID.request,
  });
};

/** Checks that an async action has ended. Returns its result. */
export const expectDoneAction = async ({ asyncActions }: Server, accepted: unknown): Promise<unknown> => {
  expect(accepted).toEqual({ async_action_id: ID.action });
  const { async_action_id } = accepted as { readonly async_action_id: string };
  return asyncActions.get(async_action_id);
};
