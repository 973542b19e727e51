import { createRequire } from "node:module";
import { expect } from "vitest";
import { createApi, listen } from "../../../support/http-api.ts";

/** A response. The older client has no types. */
// biome-ignore lint/suspicious/noExplicitAny: answers are what is tested
export type Json = any;
type Call = (...args: readonly unknown[]) => Promise<Json>;
type Calls<Name extends string> = Readonly<Record<Name, Call>>;
type Basic = "create" | "get" | "list" | "update" | "delete";

/** The methods of the older client for publications. */
export interface LegacyClient {
  readonly campaigns: Calls<Basic | "addVoucher" | "importVouchers">;
  readonly vouchers: Calls<Basic | "enable" | "disable">;
  readonly customers: Calls<Basic> & { scroll(params?: object): AsyncIterable<Json> };
  readonly distributions: Calls<"publish"> & {
    readonly publications: Calls<"create" | "list">;
    readonly exports: Calls<"create" | "get" | "delete">;
  };
  readonly loyalties: Calls<"createMember">;
}

interface Options {
  readonly applicationId: string;
  readonly clientSecretKey: string;
  readonly apiUrl: string;
}
const require: NodeJS.Require = createRequire(import.meta.url);
const voucherify: (options: Options) => LegacyClient = require("voucherify");

/** The older client, connected to a server. */
export const legacyClient = async (options: Partial<Options> = {}): Promise<LegacyClient> => {
  const { handler } = await createApi();
  const apiUrl = await listen(handler);
  return voucherify({ applicationId: "app", clientSecretKey: "app-token", apiUrl, ...options });
};

/** The client has two methods to publish. */
export const publishMethod =
  ({ distributions }: LegacyClient, method: "publish" | "publications.create"): Call =>
  (request) =>
    method === "publish" ? distributions.publish(request) : distributions.publications.create(request);

export const refusal = (call: Promise<unknown>): Promise<Json> =>
  call.then(
    () => expect.fail("It was accepted"),
    (error: unknown) => error,
  );
