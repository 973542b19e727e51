import { type Engine, type Filter, type Voucher, type VoucherInput, type VoucherPatch, where } from "oncecode";
import { done, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { found, notFound, Refusal } from "../failures.ts";
import { refuseFixed, refuseRestrictions, VALIDITY } from "../requests/fixed.ts";
import { listQuery, periodsIn, refuseUnsupported, short } from "../requests/listing.ts";
import { voucherFiltersIn } from "../requests/voucher-filters.ts";
import { listOf, vouchersQuery } from "../wire/lists.ts";
import type { Given, Struct } from "../wire/shape.ts";
import { voucher, voucherPatch, voucherRequest } from "../wire/vouchers.ts";

const voucherList: Struct<Given> = listOf("VoucherList", "vouchers", voucher);

/** A holder is asked for by id or by source id. */
const holderIn = async (engine: Engine, customer: unknown): Promise<readonly Filter[]> => {
  if (customer === undefined) return [];
  const holder = await found(engine.customers.get(customer as string));
  // Nobody holds nothing.
  return holder === null ? short("vouchers", "customer", customer, "holder_id") : [where("holderId").is(holder.id)];
};

const shorthands = ({ campaign, campaignId, code, ids }: Given): readonly Filter[] => [
  ...short("vouchers", "campaign", campaign),
  ...short("vouchers", "campaign_id", campaignId),
  ...short("vouchers", "code", code),
  ...short("vouchers", "ids", ids, "id", "$in"),
];

/** What of a voucher is for good. A whole voucher that is posted back has it, too, as it was. */
const FIXED = [
  "id",
  "code",
  "holder_id",
  "type",
  "discount",
  "gift",
  "loyalty_card",
  "campaign",
  "campaign_id",
  "is_referral_code",
] as const;

const create = async (engine: Engine, input: VoucherInput, code?: string): Promise<Voucher> =>
  engine.vouchers.create(code === undefined || typeof input !== "object" ? input : { ...input, code });

/** Paths of bulk operations, which are not ours: no voucher may be made by them. */
const RESERVED = ["enable", "disable", "import", "importCSV", "qualification"];

export const voucherEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint<Given, VoucherInput>(
    {
      method: "POST",
      path: "/v1/vouchers",
      access: "server",
      summary: "Create a voucher with a random code",
      body: voucherRequest,
      answer: { status: 200, is: voucher },
    },
    async ({ body, json }) => {
      refuseRestrictions(json, VALIDITY);
      return ok(voucher.encode(await create(engine, body)));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/vouchers",
      access: "server",
      summary: "List vouchers",
      query: vouchersQuery,
      answer: { status: 200, is: voucherList },
    },
    async ({ query, request }) => {
      refuseUnsupported(request, ["category", "category_id"]);
      const filters = [
        ...voucherFiltersIn(query.filters),
        ...shorthands(query),
        ...periodsIn("vouchers", query),
        ...(await holderIn(engine, query.customer)),
      ];
      const { data, total } = await engine.vouchers.list(listQuery("vouchers", query, filters));
      return ok(voucherList.encode({ vouchers: data, total: await total() }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Get a voucher by code or id",
      answer: { status: 200, is: voucher },
    },
    async ({ param }) => ok(voucher.encode(await engine.vouchers.get(param("code")))),
  ),
  endpoint<Given, VoucherInput>(
    {
      method: "POST",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Create a voucher with this code",
      body: voucherRequest,
      answer: { status: 200, is: voucher },
    },
    async ({ param, body, json }) => {
      refuseRestrictions(json, VALIDITY);
      if (RESERVED.includes(param("code"))) throw new Refusal(notFound("There is no such endpoint"));
      return ok(voucher.encode(await create(engine, body, param("code"))));
    },
  ),
  endpoint<Given, VoucherPatch>(
    {
      method: "PUT",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Change a voucher: what is absent stays, metadata is merged by key",
      body: voucherPatch,
      answer: { status: 200, is: voucher },
    },
    async ({ param, body, json }) => {
      refuseFixed("invalid_voucher", json, voucher.encode(await engine.vouchers.get(param("code"))), FIXED);
      return ok(voucher.encode(await engine.vouchers.update(param("code"), body)));
    },
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Delete a voucher",
      answer: { status: 204 },
    },
    async ({ param }) => {
      await engine.vouchers.delete(param("code"));
      return done;
    },
  ),
  ...(["enable", "disable"] as const).map((verb) =>
    endpoint(
      {
        method: "POST",
        path: `/v1/vouchers/:code/${verb}`,
        access: "server",
        summary: verb === "enable" ? "Enable a voucher" : "Disable a voucher, which is not suitable then",
        answer: { status: 200, is: voucher },
      },
      async ({ param }) => ok(voucher.encode(await engine.vouchers[verb](param("code")))),
    ),
  ),
];
