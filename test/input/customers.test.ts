import { describe, expect, it } from "vitest";
import { decodeCustomer, decodeCustomerPatch } from "../../src/input/customers.ts";
import { decodePublication } from "../../src/input/publications.ts";
import { expectRight } from "../support/expect-right.ts";

describe("a customer", () => {
  const by = (input: unknown) => expectRight(decodePublication({ voucher: "A", customer: input })).customer.identity;

  it.each<[unknown, unknown]>([
    ["cust_1", { type: "id", id: "cust_1" }],
    ["shop-1", { type: "sourceId", sourceId: "shop-1" }],
    [
      { id: "cust_1", sourceId: "shop-1" },
      { type: "id", id: "cust_1" },
    ],
    [{ sourceId: "shop-1" }, { type: "sourceId", sourceId: "shop-1" }],
    [{ id: null, sourceId: null, email: "ann@example.test" }, { type: "new" }],
    [{ metadata: { a: 1 } }, { type: "new" }],
  ])("given as %j is found by %j", (input, expected) => {
    expect(by(input)).toEqual(expected);
  });

  it("can be a fetched record", () => {
    const fetched = {
      id: "cust_1",
      sourceId: "shop-1",
      name: "Ann",
      email: null,
      phone: null,
      description: "",
      birthdate: "1990-04-01",
      address: { city: "Graz", state: null, line1: null, line2: null, country: "AT", postalCode: "8010" },
      metadata: { tier: "gold" },
      createdAt: "2026-03-02T09:15:04.120Z",
      updatedAt: null,
      revision: 4,
      object: "customer",
    };
    const { id, sourceId, createdAt, updatedAt, revision, object, ...profile } = fetched;
    expect(expectRight(decodeCustomer(fetched))).toEqual({ identity: { type: "id", id }, profile });
  });

  it("has an address with all its fields", () => {
    expect(expectRight(decodeCustomer({ sourceId: "a", address: { city: "Graz" } })).profile.address).toEqual({
      city: "Graz",
      state: null,
      line1: null,
      line2: null,
      country: null,
      postalCode: null,
    });
  });

  it("is changed by the given fields", () => {
    expect(expectRight(decodeCustomerPatch({ sourceId: "a", name: null, email: undefined, id: "ignored" }))).toEqual({
      sourceId: "a",
      profile: { name: null },
    });
    expect(expectRight(decodeCustomerPatch({}))).toEqual({ profile: {} });
  });

  it("cannot be a text when it is created", () => {
    expect(decodeCustomer("shop-1")).toMatchObject({ left: { code: "invalid_payload", path: "" } });
  });
});
