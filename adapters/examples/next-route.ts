// In a Next.js application this is `app/api/codes/route.ts`. A route handler is a function from a `Request` to a `Response`.
import { createEngine, type Engine, isOncecodeError } from "oncecode";
import { sqliteRepository } from "oncecode/sqlite";

/** Next.js loads a route several times during development. All copies of the route must share one engine. */
const shared = globalThis as { engine?: Promise<Engine> };
const openEngine = async (): Promise<Engine> => {
  const filename = process.env.CODES_FILE ?? "codes.db";
  return createEngine({ repository: await sqliteRepository({ filename }) });
};

/** The status of an error; 400 for all others. The client may send the same request again after 503 and 504. */
const STATUS: Readonly<Record<string, number>> = {
  no_voucher_suitable_for_publication: 409,
  storage_failed: 503,
  outcome_unknown: 504,
};

/** `POST /api/codes` with `{ "campaign": "spring", "customer": "shop-4711" }` publishes a code. */
export const POST = async (request: Request): Promise<Response> => {
  shared.engine ??= openEngine().catch((error) => {
    delete shared.engine; // the next request tries again
    throw error;
  });
  const engine = await shared.engine;
  try {
    // The engine checks all input, so a wrong type is an `OncecodeError`.
    const { campaign, customer } = ((await request.json()) ?? {}) as {
      readonly campaign: string;
      readonly customer: string;
    };
    const { codes } = await engine.publications.create({
      campaign,
      customer: { sourceId: customer },
      sourceId: request.headers.get("idempotency-key"),
    });
    return Response.json({ codes }, { status: 201 });
  } catch (error) {
    if (error instanceof SyntaxError) return Response.json({ error: "the body is not JSON" }, { status: 400 });
    if (!isOncecodeError(error)) throw error;
    return Response.json({ error: error.code, message: error.message }, { status: STATUS[error.code] ?? 400 });
  }
};
