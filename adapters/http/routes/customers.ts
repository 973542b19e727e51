import * as t from "io-ts";
import { type Customer, type CustomerInput, type CustomerPatch, type Engine, type Filter, where } from "oncecode";
import { done, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { filtersIn, listQuery, periodsIn, refuseUnsupported, short } from "../requests/listing.ts";
import { customer, customerPatch, customerRequest } from "../wire/customers.ts";
import { customersQuery, listOf } from "../wire/lists.ts";
import { type Given, type Struct, whole } from "../wire/shape.ts";

const customerList: Struct<Given> = listOf("CustomerList", "customers", customer, {
  total: whole,
  has_more: t.boolean,
});

/** Those made in the same millisecond as the last of a page belong to it, or whoever goes on from its time would miss them. */
const withTwins = async (engine: Engine, data: readonly Customer[]): Promise<readonly Customer[]> => {
  const last = data.at(-1);
  if (last === undefined) return data;
  const twins: Customer[] = [];
  const query = { filters: where("createdAt").is(last.createdAt), limit: 100 };
  for (let page = await engine.customers.list(query); ; ) {
    twins.push(...page.data);
    if (page.next === null) break;
    page = await engine.customers.list({ ...query, cursor: page.next });
  }
  const known = new Set(data.map(({ id }) => id));
  return [...data, ...twins.filter(({ id }) => !known.has(id))];
};

/** Goes on behind a time, in the order of time. */
const startingAfter = ({ startingAfter: time, order }: Given): readonly Filter[] =>
  short("customers", "starting_after", time, "created_at", order === "created_at" ? "$after" : "$before");

export const customerEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint<Given, CustomerInput>(
    {
      method: "POST",
      path: "/v1/customers",
      access: "server",
      summary: "Create a customer, or merge what is given into the one that is there",
      body: customerRequest,
      answer: { status: 200, is: customer },
    },
    async ({ body }) => ok(customer.encode(await engine.customers.upsert(body))),
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/customers",
      access: "server",
      summary: "List customers",
      query: customersQuery,
      answer: { status: 200, is: customerList },
    },
    async ({ query, request }) => {
      refuseUnsupported(request, ["city", "segment_id"]);
      const page = await engine.customers.list(
        listQuery("customers", query, [
          ...filtersIn("customers", query.filters),
          ...short("customers", "email", query.email),
          ...short("customers", "name", query.name),
          ...periodsIn("customers", query),
          ...startingAfter(query),
        ]),
      );
      const total = await page.total();
      const scrolls = query.startingAfter !== undefined && page.next !== null;
      const customers = scrolls ? await withTwins(engine, page.data) : page.data;
      return ok(customerList.encode({ customers, total, hasMore: page.next !== null }));
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Get a customer by id or source id",
      answer: { status: 200, is: customer },
    },
    async ({ param }) => ok(customer.encode(await engine.customers.get(param("customer")))),
  ),
  endpoint<Given, CustomerPatch>(
    {
      method: "PUT",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Change a customer: what is absent stays, metadata is merged by key",
      body: customerPatch,
      answer: { status: 200, is: customer },
    },
    async ({ param, body }) => ok(customer.encode(await engine.customers.update(param("customer"), body))),
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Delete a customer",
      answer: { status: 204 },
    },
    async ({ param }) => {
      await engine.customers.delete(param("customer"));
      return done;
    },
  ),
];
