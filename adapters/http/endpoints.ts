import type { Engine } from "oncecode";
import { actions } from "./answers/actions.ts";
import { descriptionEndpoint } from "./description/openapi.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HandlerOptions } from "./options.ts";
import { actionEndpoints } from "./routes/actions.ts";
import { campaignEndpoints } from "./routes/campaigns.ts";
import { customerEndpoints } from "./routes/customers.ts";
import { exportEndpoints } from "./routes/exports.ts";
import { holdingEndpoints } from "./routes/holdings.ts";
import { publicationEndpoints } from "./routes/publications.ts";
import { stockingEndpoints } from "./routes/stocking.ts";
import { voucherEndpoints } from "./routes/vouchers.ts";

/** All endpoints. Where two paths fit, the first is taken: `/v1/vouchers/publish` before `/v1/vouchers/:code`. */
export const endpointsOf = (engine: Engine, options: HandlerOptions): readonly Endpoint[] => {
  const done = actions();
  const endpoints = [
    ...publicationEndpoints(engine, options),
    ...campaignEndpoints(engine, done),
    ...stockingEndpoints(engine, done),
    ...voucherEndpoints(engine),
    ...customerEndpoints(engine),
    ...holdingEndpoints(engine),
    ...actionEndpoints(done),
    ...exportEndpoints(engine, options),
  ];
  return [...endpoints, descriptionEndpoint(endpoints)];
};
