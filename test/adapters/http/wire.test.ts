import * as t from "io-ts";
import { describe, expect, it } from "vitest";
import { campaignRequest } from "../../../adapters/http/wire/campaigns.ts";
import { flag, inputStruct, nullable, struct, wholeNumber } from "../../../adapters/http/wire/codecs.ts";
import { customerRequest } from "../../../adapters/http/wire/customers.ts";
import { toCamelCase, wirePath } from "../../../adapters/http/wire/names.ts";
import { publicationRequest } from "../../../adapters/http/wire/publications.ts";
import { voucherRequest } from "../../../adapters/http/wire/vouchers.ts";

describe("a name", () => {
  const requests = [campaignRequest, customerRequest, publicationRequest, voucherRequest];
  const names = requests.flatMap(({ required, optional }) => Object.keys({ ...required, ...optional }));

  it.each([...new Set([...names, "line_1", "postal_code"])])("is %s in the API, and is translated back", (name) => {
    expect(wirePath(toCamelCase(name))).toBe(name);
  });

  it.each([
    ["voucher.codeConfig.pattern", "voucher.code_config.pattern"],
    ["customer.address.line1", "customer.address.line_1"],
    ["customer.metadata.camelCase", "customer.metadata.camelCase"],
    ["metadata", "metadata"],
    ["filters.customerId.conditions", "filters.customerId.conditions"],
    ["vouchersCount", "vouchers_count"],
  ])("in the path %s becomes %s", (ours, wire) => {
    expect(wirePath(ours)).toBe(wire);
  });
});

describe("a codec of a request", () => {
  const codec = inputStruct("Request", {
    source_id: nullable(t.string),
    count: wholeNumber,
    join_once: flag,
    inner: inputStruct("Inner", { some_name: t.string }),
  });
  const decoded = (value: unknown): unknown => {
    const result = codec.decode(value);
    return "right" in result ? result.right : "left";
  };

  it("decodes known fields to the engine's names, and drops other fields", () => {
    const sent = { source_id: null, count: 5, inner: { some_name: "a", other: 1 }, other: 2 };
    expect(decoded(sent)).toEqual({ sourceId: null, count: 5, inner: { someName: "a" } });
  });

  it("decodes numbers and flags from texts", () => {
    expect(decoded({ count: "5", join_once: "true" })).toEqual({ count: 5, joinOnce: true });
    expect(decoded({ count: "-5", join_once: "false" })).toEqual({ count: -5, joinOnce: false });
  });

  it.each([{ count: "five" }, { count: "5.0" }, { count: "" }, { count: null }, { inner: [] }, { join_once: "TRUE" }])(
    "passes %j on, so that the engine refuses it",
    (sent) => {
      expect(decoded(sent)).toEqual(
        Object.fromEntries(Object.entries(sent).map(([key, value]) => [toCamelCase(key), value])),
      );
    },
  );

  it("reads nothing from prototypes, and sets no prototype", () => {
    const sent: unknown = JSON.parse('{ "__proto__": { "count": 7 }, "constructor": 1 }');
    expect(decoded(sent)).toEqual({});
    expect(decoded(Object.create({ count: 7 }))).toEqual({});
  });
});

describe("a codec of a response", () => {
  interface Thing {
    readonly createdAt: string;
    readonly note?: string;
    readonly secret: string;
  }
  const codec = struct<Thing>()(
    "Thing",
    { created_at: t.string },
    { optional: { note: t.string }, constants: { object: "thing" } },
  );

  it("encodes the described fields and no other", () => {
    const thing = { createdAt: "now", secret: "not for all" };
    expect(codec.encode(thing)).toEqual({ created_at: "now", object: "thing" });
    expect(codec.encode({ ...thing, note: "seen" })).toEqual({ created_at: "now", note: "seen", object: "thing" });
  });
});
