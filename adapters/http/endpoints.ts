import type { Engine } from "oncecode";
import { descriptionEndpoint } from "./description/openapi.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HandlerOptions } from "./options.ts";
import { createAsyncActionLog } from "./responses/async-action-log.ts";
import { asyncActionEndpoints } from "./routes/async-actions.ts";
import { campaignEndpoints } from "./routes/campaigns.ts";
import { customerEndpoints } from "./routes/customers.ts";
import { exportEndpoints } from "./routes/exports.ts";
import { publicationEndpoints } from "./routes/publications.ts";
import { redeemableEndpoints } from "./routes/redeemables.ts";
import { voucherAdditionEndpoints } from "./routes/voucher-additions.ts";
import { voucherEndpoints } from "./routes/vouchers.ts";

/** All endpoints. If two paths match a request, the first one wins: `/v1/vouchers/publish` before `/v1/vouchers/:code`. */
export const endpointsOf = (engine: Engine, options: HandlerOptions): readonly Endpoint[] => {
  const asyncActions = createAsyncActionLog();
  const endpoints = [
    ...publicationEndpoints(engine, options),
    ...campaignEndpoints(engine, asyncActions),
    ...voucherAdditionEndpoints(engine, asyncActions),
    ...voucherEndpoints(engine),
    ...customerEndpoints(engine),
    ...redeemableEndpoints(engine),
    ...asyncActionEndpoints(asyncActions),
    ...exportEndpoints(engine, options),
  ];
  return [...endpoints, descriptionEndpoint(endpoints)];
};
