import { type FastifyInstance, fastify } from "fastify";
import { type Engine, isOncecodeError } from "oncecode";

const CODES_SCHEMA = { body: { type: "object", required: ["customer"], properties: { customer: { type: "string" } } } };

/** The status of an error; 400 for all others. The client may send the same request again after 503 and 504. */
const STATUS: Readonly<Record<string, number>> = {
  not_found: 404,
  no_voucher_suitable_for_publication: 409,
  storage_failed: 503,
  outcome_unknown: 504,
};

/** `POST /campaigns/:campaign/codes` publishes a code, and `GET /customers/:customer/codes` lists the codes of a customer. */
export const createApp = (engine: Engine): FastifyInstance => {
  const app = fastify();

  app.setErrorHandler((error, _request, reply) => {
    if (!isOncecodeError(error)) return reply.send(error);
    return reply.code(STATUS[error.code] ?? 400).send({ error: error.code, message: error.message });
  });

  app.post<{ Params: { campaign: string }; Body: { customer: string } }>(
    "/campaigns/:campaign/codes",
    { schema: CODES_SCHEMA },
    async ({ params, body, headers }, reply) => {
      const { codes } = await engine.publications.create({
        campaign: params.campaign,
        customer: { sourceId: body.customer },
        sourceId: headers["idempotency-key"]?.toString() ?? null,
      });
      return reply.code(201).send({ codes });
    },
  );

  app.get<{ Params: { customer: string } }>("/customers/:customer/codes", async ({ params }) => {
    const { id } = await engine.customers.get(params.customer);
    const { data } = await engine.publications.list({ customer: id, result: "SUCCESS", limit: 100 });
    return { codes: data.flatMap(({ codes }) => codes) };
  });

  return app;
};
