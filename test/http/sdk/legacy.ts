import { createRequire } from "node:module";
import { expect } from "vitest";
import { api, listening } from "../api.ts";

/** What came back, whatever it is: the older client has no types. */
// biome-ignore lint/suspicious/noExplicitAny: answers are what is tested
export type Json = any;
type Call = (...args: readonly unknown[]) => Promise<Json>;
type Calls<Name extends string> = Readonly<Record<Name, Call>>;
type Basic = "create" | "get" | "list" | "update" | "delete";

/** Of the older client, what concerns publications. */
export interface Legacy {
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
const voucherify: (options: Options) => Legacy = require("voucherify");

/** The older client, with a server to talk to. */
export const legacyClient = async (given: Partial<Options> = {}): Promise<Legacy> => {
  const { handler } = await api();
  const apiUrl = await listening(handler);
  return voucherify({ applicationId: "app", clientSecretKey: "app-token", apiUrl, ...given });
};

/** It has two ways to publish. */
export const publishing =
  ({ distributions }: Legacy, method: "publish" | "publications.create"): Call =>
  (request) =>
    method === "publish" ? distributions.publish(request) : distributions.publications.create(request);

export const refusal = (call: Promise<unknown>): Promise<Json> =>
  call.then(
    () => expect.fail("It was accepted"),
    (error: unknown) => error,
  );
