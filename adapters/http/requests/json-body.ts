import { badRequest, HttpError } from "../api-errors.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** The JSON value of a request's body; undefined if there is no body. */
export const readJson = async (request: Request): Promise<unknown> => {
  const text = await request.text();
  if (text === "") return undefined;
  const type = request.headers.get("Content-Type");
  if (type !== null && !JSON_TYPE.test(type))
    throw new HttpError({
      status: 415,
      key: "unsupported_media_type",
      message: "Unsupported media type",
      details: "Send the body as JSON, with the header Content-Type: application/json",
    });
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(badRequest("invalid_payload", "Payload must be valid JSON"));
  }
};
