import { createEngine, type Engine } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import type { Endpoint } from "../../../../adapters/http/endpoint.ts";
import { endpointsOf } from "../../../../adapters/http/endpoints.ts";
import { APP_HEADERS, CLIENT_HEADERS, INTEGRATION_HEADERS } from "../../../support/http-api.ts";

/** A request that nobody in their right mind sends, and how it may be answered. */
export interface HostileRequest {
  readonly what: string;
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Made anew for each run: some are huge. */
  readonly body?: () => string;
  /** Sent without saying how long it is. */
  readonly chunked?: true;
  readonly status: readonly number[];
  readonly key?: string;
  /** What the details must have in them. */
  readonly details?: readonly string[];
}

export type RequestDetails = Partial<Pick<HostileRequest, "headers" | "key" | "details" | "chunked">>;

const JSON_TYPE: HostileRequest["headers"] = { "Content-Type": "application/json" };

export const hostileRequest = (
  what: string,
  status: number | readonly number[],
  [method, path]: readonly [method: string, path: string],
  body?: (() => unknown) | null,
  more: RequestDetails = {},
): HostileRequest => ({
  what,
  method,
  path,
  status: typeof status === "number" ? [status] : status,
  ...(typeof body === "function" && {
    body: () => {
      const made = body();
      return typeof made === "string" ? made : JSON.stringify(made);
    },
  }),
  ...more,
  headers: { ...(typeof body === "function" && JSON_TYPE), ...(more.headers ?? APP_HEADERS) },
});

export const ENDPOINTS: readonly Endpoint[] = endpointsOf(createEngine({ repository: memoryRepository() }), {
  keys: {},
});

/** What stands for the parts of a path. */
const NAMES: Readonly<Record<string, string>> = { campaign: "spring", code: "FREE", customer: "shop-1", id: "nothing" };
export const samplePath = ({ path }: Pick<Endpoint, "path">): string =>
  path.replace("/loyalties/:campaign", "/loyalties/cards").replace(/:(\w+)/g, (_, name: string) => NAMES[name] ?? name);

export const headersFor = ({ access }: Pick<Endpoint, "access">): HostileRequest["headers"] =>
  access === "client" ? CLIENT_HEADERS : access === "integration" ? INTEGRATION_HEADERS : APP_HEADERS;

const DISCOUNT = { discount: { type: "PERCENT", percentOff: 10 } } as const;

/** What is there to be spoiled: two vouchers to give, and one that is given. */
export const createRecords = async ({ campaigns, vouchers, customers, publications }: Engine): Promise<void> => {
  await campaigns.create({ name: "spring", voucher: DISCOUNT, metadata: { a: 1 } });
  await campaigns.addVouchers("spring", { codes: ["FREE", "FREE2"] });
  await campaigns.create({ name: "cards", voucher: { type: "LOYALTY_CARD", loyaltyCard: { points: 5 } } });
  await vouchers.create({ code: "GIVEN", ...DISCOUNT });
  await customers.upsert({ sourceId: "shop-1", name: "Ann", email: "ann@example.test" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1" });
};

/** A publication that is refused whatever else is in it. */
export const refusedPublication = (more: object = {}): object => ({ voucher: "GIVEN", customer: "shop-1", ...more });
