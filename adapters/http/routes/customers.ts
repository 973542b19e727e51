import * as t from "io-ts";
import {
  type Customer,
  type CustomerInput,
  type CustomerPatch,
  type Engine,
  type Filter,
  type ListQuery,
  where,
} from "oncecode";
import { type Answer, done, type Endpoint, endpoint, ok } from "../endpoint.ts";
import { wrongParameter } from "../failures.ts";
import { filtersIn, listQuery, periodsIn, refuseUnsupported, short } from "../requests/listing.ts";
import { customer, customerPatch, customerRequest } from "../wire/customers.ts";
import { customersQuery, listOf } from "../wire/lists.ts";
import { type Given, type Struct, whole } from "../wire/shape.ts";

const customerList: Struct<Given> = listOf("CustomerList", "customers", customer, {
  total: whole,
  has_more: t.boolean,
});

const filtersOf = (query: Given): readonly Filter[] => [
  ...filtersIn("customers", query.filters),
  ...short("customers", "email", query.email),
  ...short("customers", "name", query.name),
  ...periodsIn("customers", query),
];

const listed = async (engine: Engine, query: Given): Promise<Answer> => {
  const page = await engine.customers.list(listQuery("customers", query, filtersOf(query)));
  return ok(customerList.encode({ customers: page.data, total: await page.total(), hasMore: page.next !== null }));
};

const all = async (engine: Engine, query: ListQuery<"customers">): Promise<readonly Customer[]> => {
  const customers: Customer[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await engine.customers.list({ ...query, limit: 100, cursor });
    customers.push(...page.data);
    if (page.next === null) return customers;
    cursor = page.next;
  }
};

/**
 * A page of those behind a time, in the order of time. Those made in the same millisecond as its last belong to it, too, or
 * whoever goes on from there would miss them.
 */
const scrolled = async (engine: Engine, query: Given): Promise<Answer> => {
  const { order = "-created_at" } = query;
  if (order !== "created_at" && order !== "-created_at")
    throw wrongParameter("order", "created_at or -created_at here");
  const side = order === "created_at" ? "$after" : "$before";
  const behind = (time: unknown): ListQuery<"customers"> =>
    listQuery("customers", query, [
      ...filtersOf(query),
      ...short("customers", "starting_after", time, "created_at", side),
    ]);
  const page = await engine.customers.list(behind(query.startingAfter));
  const last = page.data.at(-1);
  if (page.next === null || last === undefined)
    return ok(customerList.encode({ customers: page.data, total: await page.total(), hasMore: false }));

  const earlier = page.data.filter(({ createdAt }) => createdAt !== last.createdAt);
  const same = await all(
    engine,
    listQuery("customers", { order }, [...filtersOf(query), where("createdAt").is(last.createdAt)]),
  );
  const rest = await engine.customers.list({ ...behind(last.createdAt), limit: 1 });
  const customers = [...earlier, ...same];
  return ok(customerList.encode({ customers, total: await page.total(), hasMore: rest.data.length > 0 }));
};

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
      return query.startingAfter === undefined ? listed(engine, query) : scrolled(engine, query);
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
