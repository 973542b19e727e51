import * as t from "io-ts";
import { type Endpoint, ok } from "../endpoint.ts";
import { apiError, tooLarge } from "../wire/errors.ts";
import type { Struct } from "../wire/shape.ts";
import { type Components, type Schema, schemaOf } from "./schemas.ts";

/** The API in OpenAPI 3.1, made of the table of endpoints and of the codecs that translate what they take and give. */

type Described = Omit<Endpoint, "run">;

const KEYS: Schema = {
  appId: { type: "apiKey", in: "header", name: "X-App-Id" },
  appToken: { type: "apiKey", in: "header", name: "X-App-Token" },
  clientId: { type: "apiKey", in: "header", name: "X-Client-Application-Id" },
  clientToken: { type: "apiKey", in: "header", name: "X-Client-Token" },
};

const securityOf = ({ access }: Described): readonly Schema[] => {
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
const pathOf = ({ path }: Described): string => path.replace(PARAMETER, "{$1}");

const pathParameters = ({ path }: Described): readonly Schema[] =>
  [...path.matchAll(PARAMETER)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

/** Objects go as `created_at[before]`; nested ones, which OpenAPI cannot describe, as `filters[a][conditions][$is]`. */
const queryParameters = ({ query }: Described, components: Components): readonly Schema[] => {
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

const answerOf = ({ answer }: Described, components: Components): Schema => {
  if (answer.csv === true) return { description: "CSV", content: { "text/csv": { schema: { type: "string" } } } };
  if (answer.is === undefined) return { description: "Done" };
  return { description: "Done", content: json(schemaOf(answer.is, components)) };
};

const needsBody = (codec: t.Mixed): boolean => "required" in codec && Object.keys(codec.required as object).length > 0;
const bodyOf = (codec: t.Mixed, components: Components): Schema => ({
  ...(needsBody(codec) && { required: true }),
  content: json(schemaOf(codec, components)),
});

/** `POST /v1/campaigns/:campaign/vouchers` is `postCampaignsByCampaignVouchers`. */
const nameOf = ({ method, path }: Described): string => {
  const words = path.replace("/v1/", "/").replace(/:/g, "by-").match(/\w+/g) ?? [];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
};

const operationOf = (endpoint: Described, components: Components): Schema => ({
  operationId: nameOf(endpoint),
  summary: endpoint.summary,
  security: securityOf(endpoint),
  parameters: [...pathParameters(endpoint), ...queryParameters(endpoint, components)],
  ...(endpoint.body !== undefined && { requestBody: bodyOf(endpoint.body, components) }),
  responses: {
    [endpoint.answer.status]: answerOf(endpoint, components),
    ...(endpoint.also !== undefined && {
      [endpoint.also.status]: answerOf({ ...endpoint, answer: endpoint.also }, components),
    }),
    ...(endpoint.body !== undefined && {
      413: { description: "The body is too large", content: json(schemaOf(tooLarge, components)) },
    }),
    default: { description: "What is wrong", content: json(schemaOf(apiError, components)) },
  },
});

const describe = (endpoints: readonly Described[]): Schema => {
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
    components: { securitySchemes: KEYS, schemas: Object.fromEntries(components) },
  };
};

/** Where the description is, which anybody may read. It describes itself, too. */
export const descriptionEndpoint = (endpoints: readonly Endpoint[]): Endpoint => {
  const own: Described = {
    method: "GET",
    path: "/v1/openapi.json",
    access: "anyone",
    summary: "This description",
    answer: { status: 200, is: t.UnknownRecord },
  };
  const description = describe([...endpoints, own]);
  return { ...own, run: async () => ok(description) };
};
