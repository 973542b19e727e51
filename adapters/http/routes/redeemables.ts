import * as t from "io-ts";
import { and, type Engine, type Filter, isOncecodeError, or, type Voucher, where } from "oncecode";
import { invalidParameter, nullIfNotFound } from "../api-errors.ts";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { listQuery } from "../requests/list-queries.ts";
import { voucherFiltersFrom } from "../requests/voucher-filters.ts";
import { inputStruct, nullable, type Struct, type UnknownRecord, wholeNumber } from "../wire/codecs.ts";
import { listEnvelope } from "../wire/lists.ts";
import { type Redeemable, redeemable, redeemableIdOf, voucherIdOf } from "../wire/redeemables.ts";

// The vouchers that a customer holds.

const redeemableList: Struct<UnknownRecord> = listEnvelope("RedeemableList", "data", redeemable, {
  total: wholeNumber,
  has_more: t.boolean,
  more_starting_after: nullable(t.string),
});
const redeemablesQuery: Struct<UnknownRecord> = inputStruct("RedeemablesQuery", {
  limit: wholeNumber,
  order: t.string,
  filters: t.UnknownRecord,
  starting_after_id: t.string,
});

const ORDERS: readonly unknown[] = ["created_at", "-created_at", "id", "-id"];

const condition = (attribute: "id" | "createdAt", descending: boolean, value: string): Filter => ({
  type: "condition",
  attribute,
  operator: descending ? "lessThan" : "moreThan",
  operands: [value],
});

/** Filters for the part of a list that comes after a voucher. */
const startingAfterFilters = async (
  engine: Engine,
  { startingAfterId, order = "-created_at" }: UnknownRecord,
): Promise<readonly Filter[]> => {
  if (!ORDERS.includes(order)) throw invalidParameter("order", `one of: ${ORDERS.join(", ")}`);
  if (startingAfterId === undefined) return [];
  const { id, createdAt } = await startingAfterVoucher(engine, startingAfterId);
  const descending = String(order).startsWith("-");
  const byId = condition("id", descending, id);
  if (order === "id" || order === "-id") return [byId];
  return [or(condition("createdAt", descending, createdAt), and<string>(where("createdAt").is(createdAt), byId))];
};

const startingAfterVoucher = async (engine: Engine, redeemableId: unknown): Promise<Voucher> => {
  try {
    return await engine.vouchers.get(typeof redeemableId === "string" ? voucherIdOf(redeemableId) : "");
  } catch (error) {
    if (!isOncecodeError(error) || !["not_found", "invalid_payload"].includes(error.code)) throw error;
    throw invalidParameter("starting_after_id", "the id of a redeemable");
  }
};

const toRedeemable = async (engine: Engine, customerId: string, voucher: Voucher): Promise<Redeemable> => {
  const { campaignId } = voucher;
  const campaign = campaignId === null ? null : await nullIfNotFound(engine.campaigns.get(campaignId));
  return { customerId, voucher, campaignType: campaign?.campaignType ?? null, now: new Date().toISOString() };
};

export const redeemableEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint(
    {
      method: "GET",
      path: "/v1/customers/:customer/redeemables",
      access: "server",
      summary: "List the vouchers that a customer holds",
      query: redeemablesQuery,
      response: { status: 200, codec: redeemableList },
    },
    async ({ param, query }) => {
      const { id } = await engine.customers.get(param("customer"));
      const filters = [where("holderId").is(id), ...voucherFiltersFrom(query.filters)];
      const page = await engine.vouchers.list(
        listQuery("vouchers", query, [...filters, ...(await startingAfterFilters(engine, query))]),
      );
      const isFirst = query.startingAfterId === undefined;
      const all = isFirst ? page : await engine.vouchers.list(listQuery("vouchers", { limit: 1 }, filters));
      const data = await Promise.all(page.data.map((voucher) => toRedeemable(engine, id, voucher)));
      const last = page.data.at(-1);
      const hasMore = page.next !== null;
      return ok(
        redeemableList.encode({
          data,
          total: await all.total(),
          hasMore,
          moreStartingAfter: hasMore && last !== undefined ? redeemableIdOf(last.id) : null,
        }),
      );
    },
  ),
];
