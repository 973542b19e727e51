import { type Engine, type Filter, type Voucher, type VoucherInput, type VoucherPatch, where } from "oncecode";
import { HttpError, notFound, nullIfNotFound } from "../api-errors.ts";
import { type Endpoint, endpoint, noContent, ok } from "../endpoint.ts";
import { refuseImmutableChanges, refuseUnsupportedFields, VALIDITY_FIELDS } from "../requests/field-checks.ts";
import {
  createdOrUpdatedFilters,
  filterByParameter,
  listQuery,
  refuseUnsupportedParameters,
} from "../requests/list-queries.ts";
import { voucherFiltersFrom } from "../requests/voucher-filters.ts";
import type { Struct, UnknownRecord } from "../wire/codecs.ts";
import { listEnvelope, vouchersQuery } from "../wire/lists.ts";
import { voucher, voucherPatch, voucherRequest } from "../wire/vouchers.ts";

const voucherList: Struct<UnknownRecord> = listEnvelope("VoucherList", "vouchers", voucher);

/** The parameter `customer` is an id or a source id. */
const holderFilters = async (engine: Engine, customer: unknown): Promise<readonly Filter[]> => {
  if (customer === undefined) return [];
  const holder = await nullIfNotFound(engine.customers.get(customer as string));
  // The customer may have been deleted. The filter then finds vouchers by the stored id. Another text matches nothing.
  return holder === null
    ? filterByParameter("vouchers", "customer", customer, "holder_id")
    : [where("holderId").is(holder.id)];
};

const parameterFilters = ({ campaign, campaignId, code, ids }: UnknownRecord): readonly Filter[] => [
  ...filterByParameter("vouchers", "campaign", campaign),
  ...filterByParameter("vouchers", "campaign_id", campaignId),
  ...filterByParameter("vouchers", "code", code),
  ...filterByParameter("vouchers", "ids", ids, "id", "$in"),
];

/** The fields of a voucher that cannot be changed. */
const IMMUTABLE_FIELDS = [
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

/** The contract has bulk operations at these paths. This library does not, and a request must not create a voucher of this name. */
const RESERVED_CODES = ["enable", "disable", "import", "importCSV", "qualification"];

export const voucherEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint<UnknownRecord, VoucherInput>(
    {
      method: "POST",
      path: "/v1/vouchers",
      access: "server",
      summary: "Create a voucher with a random code",
      body: voucherRequest,
      response: { status: 200, codec: voucher },
    },
    async ({ body, wireBody }) => {
      refuseUnsupportedFields(wireBody, VALIDITY_FIELDS);
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
      response: { status: 200, codec: voucherList },
    },
    async ({ query, request }) => {
      refuseUnsupportedParameters(request, ["category", "category_id"]);
      const filters = [
        ...voucherFiltersFrom(query.filters),
        ...parameterFilters(query),
        ...createdOrUpdatedFilters("vouchers", query),
        ...(await holderFilters(engine, query.customer)),
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
      response: { status: 200, codec: voucher },
    },
    async ({ param }) => ok(voucher.encode(await engine.vouchers.get(param("code")))),
  ),
  endpoint<UnknownRecord, VoucherInput>(
    {
      method: "POST",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Create a voucher with this code",
      body: voucherRequest,
      response: { status: 200, codec: voucher },
    },
    async ({ param, body, wireBody }) => {
      refuseUnsupportedFields(wireBody, VALIDITY_FIELDS);
      if (RESERVED_CODES.includes(param("code"))) throw new HttpError(notFound("There is no such endpoint"));
      return ok(voucher.encode(await create(engine, body, param("code"))));
    },
  ),
  endpoint<UnknownRecord, VoucherPatch>(
    {
      method: "PUT",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Change a voucher: absent fields stay, metadata is merged by key",
      body: voucherPatch,
      response: { status: 200, codec: voucher },
    },
    async ({ param, body, wireBody }) => {
      refuseImmutableChanges(
        "invalid_voucher",
        wireBody,
        voucher.encode(await engine.vouchers.get(param("code"))),
        IMMUTABLE_FIELDS,
      );
      return ok(voucher.encode(await engine.vouchers.update(param("code"), body)));
    },
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/vouchers/:code",
      access: "server",
      summary: "Delete a voucher",
      response: { status: 204 },
    },
    async ({ param }) => {
      await engine.vouchers.delete(param("code"));
      return noContent;
    },
  ),
  ...(["enable", "disable"] as const).map((verb) =>
    endpoint(
      {
        method: "POST",
        path: `/v1/vouchers/:code/${verb}`,
        access: "server",
        summary: verb === "enable" ? "Enable a voucher" : "Disable a voucher, so that it cannot be published",
        response: { status: 200, codec: voucher },
      },
      async ({ param }) => ok(voucher.encode(await engine.vouchers[verb](param("code")))),
    ),
  ),
];
