import { describe, expect, it } from "vitest";
import { classifyError } from "../../../adapters/sql/mysql/errors.ts";

describe("an error is classified by its number", () => {
  const databaseError = (errno: number, code = "ER"): Error => Object.assign(new Error("made up"), { errno, code });

  it.each([1020, 1040, 1047, 1062, 1205, 1213, 1226, 1290, 1451, 1452, 3572])(
    "%i: nothing was written, and a retry may succeed",
    (errno) => expect(classifyError(databaseError(errno))).toBe("retry"),
  );
  it.each([1021, 1045, 1049, 1064, 1114, 1146, 1364, 1406])(
    "%i: nothing was written, and a retry would fail again",
    (errno) => expect(classifyError(databaseError(errno))).toBe("refused"),
  );
  it.each([1053, 1180, 1927, 2006, 2013])("%i: unknown", (errno) =>
    expect(classifyError(databaseError(errno))).toBe("unknown"),
  );
  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "PROTOCOL_CONNECTION_LOST"])("%s: unknown", (code) =>
    expect(classifyError(Object.assign(new Error("made up"), { code, errno: -104 }))).toBe("unknown"),
  );
});
