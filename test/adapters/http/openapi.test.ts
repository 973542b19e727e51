import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { createEngine } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { beforeAll, describe, expect, it } from "vitest";
import type { Endpoint } from "../../../adapters/http/endpoint.ts";
import { endpointsOf } from "../../../adapters/http/endpoints.ts";
import { createApi, KEYS, type Reply } from "../../support/http-api.ts";
import { type Exchange, runScenario } from "./openapi/scenario.ts";

type Description = Reply["body"];
const ENDPOINTS: readonly Endpoint[] = endpointsOf(createEngine({ repository: memoryRepository() }), { keys: KEYS });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A response with a property that is not described is an error. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, name === "const" ? value : strict(value)]),
  );
  return schema.type === "object" && isObject(schema.properties) ? { ...inner, additionalProperties: false } : inner;
};

const pathOf = ({ path }: Endpoint): string => path.replace(/:(\w+)/g, "{$1}");
const escaped = (path: string): string => encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

/** The first endpoint that matches, as in the handler. */
const endpointOf = ({ method, path }: Pick<Exchange, "method" | "path">): Endpoint | undefined => {
  const [plain = ""] = path.split("?");
  return ENDPOINTS.find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/:\w+/g, "[^/]+")}$`).test(plain),
  );
};

let description: Description;
let ajv: Ajv2020;
/** A validator for requests, which may have further properties. */
let loose: Ajv2020;
let exchanges: readonly Exchange[];

beforeAll(async () => {
  const here = await createApi();
  description = (await here.ask("GET", "/v1/openapi.json", { headers: {} })).body;
  exchanges = await runScenario(here);
  ajv = new Ajv2020({ strict: false, allErrors: true });
  // biome-ignore lint/complexity/useLiteralKeys: a CommonJS module
  (formats["default"] ?? formats)(ajv);
  loose = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  loose.addSchema({ ...description, $id: "asked" });
  ajv.addSchema({ ...(strict(description) as object), $id: "api" });
});

const operationOf = (endpoint: Endpoint): Description =>
  description.paths[pathOf(endpoint)]?.[endpoint.method.toLowerCase()];
const responsesOf = (endpoint: Endpoint): Description => operationOf(endpoint)?.responses ?? {};

const schemaFor = (endpoint: Endpoint, status: number): ValidateFunction | null => {
  const answer = Object.hasOwn(responsesOf(endpoint), status) ? String(status) : "default";
  if (responsesOf(endpoint)[answer]?.content?.["application/json"] === undefined) return null;
  const schemaPath = ["paths", pathOf(endpoint), endpoint.method.toLowerCase(), "responses", answer, "content"];
  const pointer = [...schemaPath, "application/json", "schema"].map(escaped).join("/");
  const validate = ajv.getSchema(`api#/${pointer}`);
  if (validate === undefined) throw new Error(`There is no ${pointer}`);
  return validate as ValidateFunction;
};

const schemaErrors = (endpoint: Endpoint, { status, body, headers }: Reply): unknown => {
  const validate = schemaFor(endpoint, status);
  if (validate !== null) return validate(body) ? null : validate.errors;
  if (operationOf(endpoint) === undefined) return "it is not described";
  const [type = null] = Object.keys(responsesOf(endpoint)[status].content ?? {});
  return headers.get("Content-Type")?.split(";")[0] === (type ?? undefined) ? null : `${type} was promised`;
};

describe("the OpenAPI description", () => {
  it("is OpenAPI 3.1, and every caller may read it", async () => {
    const { ask } = await createApi();
    const { status, body, headers } = await ask("GET", "/v1/openapi.json", { headers: {} });
    expect([status, headers.get("Content-Type")]).toEqual([200, "application/json; charset=utf-8"]);
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\.\d+$/), info: { title: expect.any(String) } });
    expect(body.info.version).toEqual(expect.any(String));
  });

  it.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))("has %s", (_name, endpoint) => {
    const operation = operationOf(endpoint);
    expect(operation).toMatchObject({ summary: endpoint.summary, responses: { [endpoint.response.status]: {} } });
    const parameters: { readonly in: string; readonly name: string; readonly required?: boolean }[] =
      operation.parameters;
    const inPath = parameters.filter((one) => one.in === "path");
    expect(inPath.map(({ name }) => `:${name}`)).toEqual(endpoint.path.match(/:\w+/g) ?? []);
    expect(inPath.every(({ required }) => required === true)).toBe(true);
    expect(operation.requestBody !== undefined).toBe(endpoint.body !== undefined);
    expect(operation.security.length > 0).toBe(endpoint.access !== "anyone");
  });

  it("has no endpoint that does not exist", () => {
    const described = Object.entries<object>(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const there = ENDPOINTS.map((one) => `${one.method} ${pathOf(one)}`);
    expect(described.filter((one) => !there.includes(one))).toEqual([]);
  });

  it("has no broken references", () => {
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to = ""]) => to);
    expect(references.length).toBeGreaterThan(20);
    const names = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((to) => !names.includes(to))).toEqual([]);
    const keys = Object.keys(description.components.securitySchemes);
    const needed = ENDPOINTS.flatMap((one): string[] => (operationOf(one)?.security ?? []).flatMap(Object.keys));
    expect(needed.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it("has brackets only in the names of object parameters", () => {
    const wrong = ENDPOINTS.flatMap((one): string[] =>
      (operationOf(one)?.parameters ?? [])
        .filter((given: Description) => given.style === "deepObject" && given.schema.type === "string")
        .map(({ name }: Description) => `${nameOf(one)} ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has a unique name for each operation, and its security", () => {
    const names = ENDPOINTS.map((one): string => operationOf(one).operationId);
    expect(new Set(names).size).toBe(ENDPOINTS.length);
    expect(names).toContain("postCampaignsByCampaignVouchers");
    const needs = (path: string, method: string): unknown => description.paths[path][method].requestBody?.required;
    expect([needs("/v1/publications", "post"), needs("/v1/campaigns", "post")]).toEqual([true, true]);
    expect(needs("/v1/campaigns/{campaign}/vouchers", "post")).toBeUndefined();
    const byLink: readonly Description[] = description.paths["/v1/publications/create"].get.parameters;
    expect(byLink.filter(({ required }) => required).map(({ name }) => name)).toEqual(["customer"]);
  });

  it("has no empty schemas", () => {
    for (const [name, schema] of Object.entries(description.components.schemas))
      expect(schema, name).toMatchObject({ type: "object", properties: {} });
  });
});

describe("responses match the description", () => {
  it.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))("by %s", (_name, endpoint) => {
    const own = exchanges.filter((one) => endpointOf(one) === endpoint);
    const statuses = own.map(({ reply }) => reply.status);
    expect(statuses).toContain(endpoint.response.status);
    if (endpoint.otherResponse !== undefined) expect(statuses).toContain(endpoint.otherResponse.status);
    if (endpoint.access !== "anyone") expect(Math.max(...statuses)).toBeGreaterThanOrEqual(400);
    expect(Math.max(...statuses)).toBeLessThan(500);
    for (const { method, path, reply } of own)
      expect(
        schemaErrors(endpoint, reply),
        `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)?.slice(0, 300)}`,
      ).toBeNull();
  });

  it("and successful requests do, too", () => {
    const bodies = exchanges.filter(({ body, reply }) => body !== undefined && body !== null && reply.status < 300);
    expect(bodies.length).toBeGreaterThan(20);
    for (const { method, path, body } of bodies) {
      const endpoint = endpointOf({ method, path });
      if (endpoint?.body === undefined || !isObject(body)) continue;
      const schemaPath = [
        "paths",
        pathOf(endpoint),
        method.toLowerCase(),
        "requestBody",
        "content",
        "application/json",
      ];
      const validate = loose.getSchema(`asked#/${[...schemaPath, "schema"].map(escaped).join("/")}`);
      expect(validate?.(body), `${method} ${path}: ${loose.errorsText(validate?.errors)}`).toBe(true);
    }
  });

  it("by 413, too", async () => {
    const { ask } = await createApi({ bodyMax: 10 });
    const endpoint = endpointOf({ method: "POST", path: "/v1/publications" })!;
    const reply = await ask("POST", "/v1/publications", { body: { channel: "x".repeat(10) } });
    expect(reply.status).toBe(413);
    expect(schemaErrors(endpoint, reply)).toBeNull();
  });

  it("and a missing or an additional property would be found", () => {
    const endpoint = endpointOf({ method: "POST", path: "/v1/publications" })!;
    const { reply } = exchanges.find((one) => endpointOf(one) === endpoint && one.reply.body.voucher !== undefined)!;
    expect(schemaErrors(endpoint, reply)).toBeNull();
    const changed = (body: object): unknown => schemaErrors(endpoint, { ...reply, body });
    const { id: _, ...less } = reply.body;
    const { code: __, ...lessVoucher } = reply.body.voucher;
    expect(changed(less)).toMatchObject([{ keyword: "required" }]);
    expect(changed({ ...reply.body, more: 1 })).toMatchObject([{ keyword: "additionalProperties" }]);
    expect(changed({ ...reply.body, voucher: lessVoucher })).toMatchObject([{ keyword: "required" }]);
    expect(changed({ ...reply.body, voucher: { ...reply.body.voucher, more: 1 } })).not.toBeNull();
    expect(changed({ ...reply.body, customer: { ...reply.body.customer, more: 1 } })).not.toBeNull();
    expect(changed({ ...reply.body, channel: 5 })).toMatchObject([{ keyword: "type" }]);
    expect(changed({ ...reply.body, created_at: "yesterday" })).toMatchObject([{ keyword: "format" }]);
  });
});
