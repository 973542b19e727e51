import { createEngine, type Engine } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import type { Endpoint } from "../../../../adapters/http/endpoint.ts";
import { endpointsOf } from "../../../../adapters/http/endpoints.ts";
import { APP_HEADERS, CLIENT_HEADERS, INTEGRATION_HEADERS } from "../../../support/http-api.ts";

/** A hostile request, with the allowed responses. */
export interface HostileRequest {
  readonly title: string;
  readonly method: string;
  /** The path as it is sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A function, because some bodies are huge. */
  readonly body?: () => string;
  /** Whether the body is sent without a length. */
  readonly chunked?: true;
  readonly status: readonly number[];
  readonly key?: string;
  /** Texts that the details must contain. */
  readonly details?: readonly string[];
}

export type RequestDetails = Partial<Pick<HostileRequest, "headers" | "key" | "details" | "chunked">>;

const JSON_TYPE: HostileRequest["headers"] = { "Content-Type": "application/json" };

export const hostileRequest = (
  title: string,
  status: number | readonly number[],
  [method, path]: readonly [method: string, path: string],
  body?: (() => unknown) | null,
  more: RequestDetails = {},
): HostileRequest => ({
  title,
  method,
  path,
  status: typeof status === "number" ? [status] : status,
  ...(typeof body === "function" && {
    body: () => {
      const content = body();
      return typeof content === "string" ? content : JSON.stringify(content);
    },
  }),
  ...more,
  headers: { ...(typeof body === "function" && JSON_TYPE), ...(more.headers ?? APP_HEADERS) },
});

export const ENDPOINTS: readonly Endpoint[] = endpointsOf(createEngine({ repository: memoryRepository() }), {
  keys: {},
});

/** Values for the parameters of paths. */
const NAMES: Readonly<Record<string, string>> = { campaign: "spring", code: "FREE", customer: "shop-1", id: "nothing" };
export const samplePath = ({ path }: Pick<Endpoint, "path">): string =>
  path.replace("/loyalties/:campaign", "/loyalties/cards").replace(/:(\w+)/g, (_, name: string) => NAMES[name] ?? name);

export const headersFor = ({ access }: Pick<Endpoint, "access">): HostileRequest["headers"] =>
  access === "client" ? CLIENT_HEADERS : access === "integration" ? INTEGRATION_HEADERS : APP_HEADERS;

const DISCOUNT = { discount: { type: "PERCENT", percentOff: 10 } } as const;

/** Records that an attack could change: two unpublished vouchers, and a published one. */
export const createRecords = async ({ campaigns, vouchers, customers, publications }: Engine): Promise<void> => {
  await campaigns.create({ name: "spring", voucher: DISCOUNT, metadata: { a: 1 } });
  await campaigns.addVouchers("spring", { codes: ["FREE", "FREE2"] });
  await campaigns.create({ name: "cards", voucher: { type: "LOYALTY_CARD", loyaltyCard: { points: 5 } } });
  await vouchers.create({ code: "GIVEN", ...DISCOUNT });
  await customers.upsert({ sourceId: "shop-1", name: "Ann", email: "ann@example.test" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1" });
};

/** A request that is refused with any other fields. */
export const refusedPublication = (more: object = {}): object => ({ voucher: "GIVEN", customer: "shop-1", ...more });
