import { expect } from "vitest";
import type { Reply } from "../../support/http-api.ts";

export const REQUEST_ID: RegExp = /^v-[0-9a-f]{18}$/;

/** Checks the parts of every error (contract 1.11), except 413. */
export const expectError = ({ status, headers, body }: Reply, expected: number, key?: string): void => {
  expect(body).toMatchObject({
    code: status,
    message: expect.stringMatching(/./),
    request_id: expect.stringMatching(REQUEST_ID),
  });
  expect(status).toBe(expected);
  expect(headers.get("X-Request-Id")).toBe(body.request_id);
  expect(headers.get("Content-Type")).toMatch(/^application\/json/);
  if (key !== undefined) expect(body.key).toBe(key);
};

/** Checks the error 413, which has another form (contract 4). */
export const expectTooLarge = ({ status, headers, body }: Reply, max = 10_485_760): void => {
  expect(status).toBe(413);
  expect(body).toEqual({
    statusCode: 413,
    error: "Request Entity Too Large",
    message: expect.stringContaining(String(max)),
  });
  expect(headers.get("X-Request-Id")).toMatch(REQUEST_ID);
};
