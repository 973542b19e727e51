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
import { invalidParameter } from "../api-errors.ts";
import { type Endpoint, type EndpointResponse, endpoint, noContent, ok } from "../endpoint.ts";
import {
  createdOrUpdatedFilters,
  filterByParameter,
  filtersFrom,
  listQuery,
  refuseUnsupportedParameters,
} from "../requests/list-queries.ts";
import { type Struct, type UnknownRecord, wholeNumber } from "../wire/codecs.ts";
import { customer, customerPatch, customerRequest } from "../wire/customers.ts";
import { customersQuery, listEnvelope } from "../wire/lists.ts";

const customerList: Struct<UnknownRecord> = listEnvelope("CustomerList", "customers", customer, {
  total: wholeNumber,
  has_more: t.boolean,
});

const filtersOf = (query: UnknownRecord): readonly Filter[] => [
  ...filtersFrom("customers", query.filters),
  ...filterByParameter("customers", "email", query.email),
  ...filterByParameter("customers", "name", query.name),
  ...createdOrUpdatedFilters("customers", query),
];

const listCustomers = async (engine: Engine, query: UnknownRecord): Promise<EndpointResponse> => {
  const page = await engine.customers.list(listQuery("customers", query, filtersOf(query)));
  return ok(customerList.encode({ customers: page.data, total: await page.total(), hasMore: page.next !== null }));
};

const listAllCustomers = async (engine: Engine, query: ListQuery<"customers">): Promise<readonly Customer[]> => {
  const customers: Customer[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await engine.customers.list({ ...query, limit: 100, cursor });
    customers.push(...page.data);
    if (page.next === null) return customers;
    cursor = page.next;
  }
};

/**
 * A page of customers after a time, ordered by time. It also has all customers of the last millisecond. Otherwise the next
 * page, which starts after that millisecond, would miss some of them.
 */
const listStartingAfter = async (engine: Engine, query: UnknownRecord): Promise<EndpointResponse> => {
  const { order = "-created_at" } = query;
  if (order !== "created_at" && order !== "-created_at")
    throw invalidParameter("order", "created_at or -created_at here");
  const operator = order === "created_at" ? "$after" : "$before";
  const queryAfter = (time: unknown): ListQuery<"customers"> =>
    listQuery("customers", query, [
      ...filtersOf(query),
      ...filterByParameter("customers", "starting_after", time, "created_at", operator),
    ]);
  const page = await engine.customers.list(queryAfter(query.startingAfter));
  const last = page.data.at(-1);
  if (page.next === null || last === undefined)
    return ok(customerList.encode({ customers: page.data, total: await page.total(), hasMore: false }));

  const otherInstants = page.data.filter(({ createdAt }) => createdAt !== last.createdAt);
  const sameInstant = await listAllCustomers(
    engine,
    listQuery("customers", { order }, [...filtersOf(query), where("createdAt").is(last.createdAt)]),
  );
  const nextPage = await engine.customers.list({ ...queryAfter(last.createdAt), limit: 1 });
  const customers = [...otherInstants, ...sameInstant];
  return ok(customerList.encode({ customers, total: await page.total(), hasMore: nextPage.data.length > 0 }));
};

export const customerEndpoints = (engine: Engine): readonly Endpoint[] => [
  endpoint<UnknownRecord, CustomerInput>(
    {
      method: "POST",
      path: "/v1/customers",
      access: "server",
      summary: "Create a customer, or merge the fields into the existing customer",
      body: customerRequest,
      response: { status: 200, codec: customer },
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
      response: { status: 200, codec: customerList },
    },
    async ({ query, request }) => {
      refuseUnsupportedParameters(request, ["city", "segment_id"]);
      return query.startingAfter === undefined ? listCustomers(engine, query) : listStartingAfter(engine, query);
    },
  ),
  endpoint(
    {
      method: "GET",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Get a customer by id or source id",
      response: { status: 200, codec: customer },
    },
    async ({ param }) => ok(customer.encode(await engine.customers.get(param("customer")))),
  ),
  endpoint<UnknownRecord, CustomerPatch>(
    {
      method: "PUT",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Change a customer: absent fields stay, metadata is merged by key",
      body: customerPatch,
      response: { status: 200, codec: customer },
    },
    async ({ param, body }) => ok(customer.encode(await engine.customers.update(param("customer"), body))),
  ),
  endpoint(
    {
      method: "DELETE",
      path: "/v1/customers/:customer",
      access: "server",
      summary: "Delete a customer",
      response: { status: 204 },
    },
    async ({ param }) => {
      await engine.customers.delete(param("customer"));
      return noContent;
    },
  ),
];
