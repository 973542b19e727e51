import * as t from "io-ts";
import { and, type Engine, type Filter, isOncecodeError, or, type Voucher, where } from "oncecode";
import { type Endpoint, endpoint, ok } from "../endpoint.ts";
import { found, wrongParameter } from "../failures.ts";
import { listQuery } from "../requests/listing.ts";
import { voucherFiltersIn } from "../requests/voucher-filters.ts";
import { listOf } from "../wire/lists.ts";
import { type Redeemable, redeemable, redeemableIdOf, voucherIdOf } from "../wire/redeemables.ts";
import { type Given, given, nullable, type Struct, whole } from "../wire/shape.ts";

/** What a customer holds: the vouchers that were published to them. */

const holdings: Struct<Given> = listOf("RedeemableList", "data", redeemable, {
  total: whole,
  has_more: t.boolean,
  more_starting_after: nullable(t.string),
});
const holdingsQuery: Struct<Given> = given("RedeemablesQuery", {
  limit: whole,
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

/** Behind a voucher, in the order of the list. */
const behind = async (
  engine: Engine,
  { startingAfterId, order = "-created_at" }: Given,
): Promise<readonly Filter[]> => {
  if (!ORDERS.includes(order)) throw wrongParameter("order", `one of: ${ORDERS.join(", ")}`);
  if (startingAfterId === undefined) return [];
  const { id, createdAt } = await foundVoucher(engine, startingAfterId);
  const descending = String(order).startsWith("-");
  const byId = condition("id", descending, id);
  if (order === "id" || order === "-id") return [byId];
  return [or(condition("createdAt", descending, createdAt), and<string>(where("createdAt").is(createdAt), byId))];
};

const foundVoucher = async (engine: Engine, redeemableId: unknown): Promise<Voucher> => {
  try {
    return await engine.vouchers.get(typeof redeemableId === "string" ? voucherIdOf(redeemableId) : "");
  } catch (error) {
    if (!isOncecodeError(error) || !["not_found", "invalid_payload"].includes(error.code)) throw error;
    throw wrongParameter("starting_after_id", "the id of a redeemable");
  }
};

const shown = async (engine: Engine, customerId: string, voucher: Voucher): Promise<Redeemable> => {
  const { campaignId } = voucher;
  const campaign = campaignId === null ? null : await found(engine.campaigns.get(campaignId));
  return { customerId, voucher, campaignType: campaign?.campaignType ?? null, now: new Date().toISOString() };
};

export const holdingEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint(
    {
      method: "GET",
      path: "/v1/customers/:customer/redeemables",
      access: "server",
      summary: "List the vouchers that a customer holds",
      query: holdingsQuery,
      answer: { status: 200, is: holdings },
    },
    async ({ param, query }) => {
      const { id } = await engine.customers.get(param("customer"));
      const held = [where("holderId").is(id), ...voucherFiltersIn(query.filters)];
      const page = await engine.vouchers.list(
        listQuery("vouchers", query, [...held, ...(await behind(engine, query))]),
      );
      const isFirst = query.startingAfterId === undefined;
      const all = isFirst ? page : await engine.vouchers.list(listQuery("vouchers", { limit: 1 }, held));
      const data = await Promise.all(page.data.map((voucher) => shown(engine, id, voucher)));
      const last = page.data.at(-1);
      const hasMore = page.next !== null;
      return ok(
        holdings.encode({
          data,
          total: await all.total(),
          hasMore,
          moreStartingAfter: hasMore && last !== undefined ? redeemableIdOf(last.id) : null,
        }),
      );
    },
  ),
];
