import * as t from "io-ts";
import { type Endpoint, ok } from "../endpoint.ts";
import type { Struct } from "../wire/codecs.ts";
import { apiError, payloadTooLarge } from "../wire/errors.ts";
import { type Components, type Schema, schemaOf } from "./schemas.ts";

// The description of the API in OpenAPI 3.1, made from the endpoints and their codecs.

type EndpointDescription = Omit<Endpoint, "run">;

const SECURITY_SCHEMES: Schema = {
  appId: { type: "apiKey", in: "header", name: "X-App-Id" },
  appToken: { type: "apiKey", in: "header", name: "X-App-Token" },
  clientId: { type: "apiKey", in: "header", name: "X-Client-Application-Id" },
  clientToken: { type: "apiKey", in: "header", name: "X-Client-Token" },
};

const securityOf = ({ access }: EndpointDescription): readonly Schema[] => {
  switch (access) {
    case "anyone":
      return [];
    case "client":
      return [{ clientId: [], clientToken: [] }];
    case "server":
    case "integration":
      return [{ appId: [], appToken: [] }];
  }
};

const PARAMETER = /:(\w+)/g;
const pathOf = ({ path }: EndpointDescription): string => path.replace(PARAMETER, "{$1}");

const pathParameters = ({ path }: EndpointDescription): readonly Schema[] =>
  [...path.matchAll(PARAMETER)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

/** An object becomes parameters such as `created_at[before]`. OpenAPI cannot describe deeper ones, such as `filters[a][conditions][$is]`. */
const queryParameters = ({ query }: EndpointDescription, components: Components): readonly Schema[] => {
  if (query === undefined) return [];
  const { required, optional } = query as unknown as Struct<never>;
  return Object.entries({ ...required, ...optional }).map(([name, codec]: [string, t.Mixed]) => ({
    name,
    in: "query",
    ...(name in required && { required: true }),
    ...styleOf(schemaOf(codec, components)),
  }));
};

const isDeep = (schema: Schema): boolean =>
  schema.type === "object" || "$ref" in schema || (Array.isArray(schema.anyOf) && schema.anyOf.some(isDeep));
const styleOf = (schema: Schema): Schema => ({ style: isDeep(schema) ? "deepObject" : "form", explode: true, schema });

const json = (schema: Schema): Schema => ({ "application/json": { schema } });

const responseOf = ({ response }: EndpointDescription, components: Components): Schema => {
  if (response.csv === true) return { description: "CSV", content: { "text/csv": { schema: { type: "string" } } } };
  if (response.codec === undefined) return { description: "Done" };
  return { description: "Done", content: json(schemaOf(response.codec, components)) };
};

const needsBody = (codec: t.Mixed): boolean => "required" in codec && Object.keys(codec.required as object).length > 0;
const requestBodyOf = (codec: t.Mixed, components: Components): Schema => ({
  ...(needsBody(codec) && { required: true }),
  content: json(schemaOf(codec, components)),
});

/** `POST /v1/campaigns/:campaign/vouchers` becomes `postCampaignsByCampaignVouchers`. */
const operationIdOf = ({ method, path }: EndpointDescription): string => {
  const words = path.replace("/v1/", "/").replace(/:/g, "by-").match(/\w+/g) ?? [];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
};

const operationOf = (endpoint: EndpointDescription, components: Components): Schema => ({
  operationId: operationIdOf(endpoint),
  summary: endpoint.summary,
  security: securityOf(endpoint),
  parameters: [...pathParameters(endpoint), ...queryParameters(endpoint, components)],
  ...(endpoint.body !== undefined && { requestBody: requestBodyOf(endpoint.body, components) }),
  responses: {
    [endpoint.response.status]: responseOf(endpoint, components),
    ...(endpoint.otherResponse !== undefined && {
      [endpoint.otherResponse.status]: responseOf({ ...endpoint, response: endpoint.otherResponse }, components),
    }),
    ...(endpoint.body !== undefined && {
      413: { description: "The body is too large", content: json(schemaOf(payloadTooLarge, components)) },
    }),
    default: { description: "What is wrong", content: json(schemaOf(apiError, components)) },
  },
});

const openapiDocument = (endpoints: readonly EndpointDescription[]): Schema => {
  const components: Components = new Map();
  const paths: Record<string, Record<string, Schema>> = {};
  for (const endpoint of endpoints) {
    const path = pathOf(endpoint);
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, components) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "oncecode", version: "1", description: "Publishes unique voucher codes." },
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, schemas: Object.fromEntries(components) },
  };
};

/** The endpoint of the description. Every caller may read it. The description includes this endpoint. */
export const descriptionEndpoint = (endpoints: readonly Endpoint[]): Endpoint => {
  const ownDescription: EndpointDescription = {
    method: "GET",
    path: "/v1/openapi.json",
    access: "anyone",
    summary: "Describe this API in OpenAPI",
    response: { status: 200, codec: t.UnknownRecord },
  };
  const description = openapiDocument([...endpoints, ownDescription]);
  return { ...ownDescription, run: async () => ok(description) };
};
