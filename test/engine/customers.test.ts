import { describe, expect, it } from "vitest";
import { contents, createCampaignWithCodes, createFixture, listAll, NOW } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const ANN = { sourceId: "shop-1", name: "Ann", email: "ann@example.test" } as const;

describe.each(engineStores)("a customer on %s", (_, open) => {
  it("is created from a profile, and found by id and by source id", async () => {
    const { customers } = await createFixture(open);
    const customer = await customers.upsert({
      ...ANN,
      phone: "+43 1 234",
      description: "A regular",
      birthdate: "1990-04-01",
      address: { city: "Graz", country: "AT" },
      metadata: { tier: "gold" },
    });
    expect(customer).toMatchObject({
      ...ANN,
      phone: "+43 1 234",
      description: "A regular",
      birthdate: "1990-04-01",
      address: { city: "Graz", state: null, line1: null, line2: null, country: "AT", postalCode: null },
      metadata: { tier: "gold" },
      createdAt: NOW,
      updatedAt: null,
    });
    expect(await customers.get("shop-1")).toEqual(customer);
    expect(await customers.get(customer.id)).toEqual(customer);
  });

  it("that comes again is the same one: given fields replace, null clears, absent fields stay", async () => {
    const { customers, setTime } = await createFixture(open);
    const first = await customers.upsert({ ...ANN, metadata: { tier: "gold", a: { b: 1 } } });
    setTime("2026-03-03T00:00:00.000Z");
    const second = await customers.upsert({
      sourceId: "shop-1",
      email: null,
      phone: "1",
      metadata: { a: { c: 2 }, d: null },
    });
    expect(second).toEqual({
      ...first,
      email: null,
      phone: "1",
      metadata: { tier: "gold", a: { c: 2 }, d: null },
      updatedAt: "2026-03-03T00:00:00.000Z",
      revision: expect.any(Number),
    });
    expect(await customers.get("shop-1")).toEqual(second);
  });

  it("is not changed by the same data, nor by its own record", async () => {
    const { customers, setTime } = await createFixture(open);
    const customer = await customers.upsert({ ...ANN, address: { city: "Graz" }, metadata: { tier: "gold" } });
    setTime("2026-03-03T00:00:00.000Z");
    expect(await customers.upsert(ANN)).toEqual(customer);
    expect(await customers.upsert(customer)).toEqual(customer);
  });

  it("is the one with the id if there is also a source id", async () => {
    const { customers } = await createFixture(open);
    const ann = await customers.upsert(ANN);
    await customers.upsert({ sourceId: "shop-2" });
    expect(await customers.upsert({ id: ann.id, sourceId: "shop-2", name: "Anna" })).toMatchObject({
      id: ann.id,
      sourceId: "shop-1",
      name: "Anna",
    });
    expect(await customers.get("shop-2")).toMatchObject({ name: null });
  });

  it("with an unknown id is not found, and not created", async () => {
    const { engine, customers } = await createFixture(open);
    const before = await contents(engine);
    const notFoundError = { code: "not_found", resource: "customer", id: "cust_nobody" };
    await expect(customers.upsert({ id: "cust_nobody", name: "Ann" })).rejects.toMatchObject(notFoundError);
    await expect(customers.get("cust_nobody")).rejects.toMatchObject(notFoundError);
    await expect(customers.update("cust_nobody", { name: "Ann" })).rejects.toMatchObject(notFoundError);
    await expect(customers.delete("cust_nobody")).rejects.toMatchObject(notFoundError);
    await expect(customers.get("shop-9")).rejects.toMatchObject({ ...notFoundError, id: "shop-9" });
    expect(await contents(engine)).toEqual(before);
  });

  it("with only an email is a new one each time", async () => {
    const { customers } = await createFixture(open);
    const [first, second] = [
      await customers.upsert({ email: "ann@example.test" }),
      await customers.upsert({ email: "ann@example.test" }),
    ];
    expect(first).toMatchObject({ email: "ann@example.test", sourceId: null });
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    ["nothing", {}],
    ["nothing but null", { sourceId: null, name: null }],
    ["nothing but empty metadata", { metadata: {} }],
    ["a source id that looks like an id", { sourceId: "cust_1" }],
  ])("is refused with %s", async (_what, customer) => {
    const { engine, customers } = await createFixture(open);
    const before = await contents(engine);
    await expect(customers.upsert(customer)).rejects.toMatchObject({ code: "invalid_customer" });
    expect(await contents(engine)).toEqual(before);
  });

  it("is created once when many calls create it at once, with the data of all calls", async () => {
    const { customers } = await createFixture(open);
    const keys = ["a", "b", "c", "d", "e"];
    const results = await Promise.all(
      keys.map((key) => customers.upsert({ sourceId: "shop-1", metadata: { [key]: true } })),
    );
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect((await customers.get("shop-1")).metadata).toEqual({ a: true, b: true, c: true, d: true, e: true });
    expect(await listAll((page) => customers.list(page))).toHaveLength(1);
  });
});

describe.each(engineStores)("a change to a customer on %s", (_, open) => {
  it("replaces given fields, clears null fields, and merges metadata by key", async () => {
    const { customers } = await createFixture(open);
    const { id } = await customers.upsert({ ...ANN, address: { city: "Graz" }, metadata: { tier: "gold" } });
    const updated = await customers.update("shop-1", {
      name: null,
      email: "new@example.test",
      address: null,
      metadata: { age: 3 },
    });
    expect(updated).toMatchObject({
      id,
      sourceId: "shop-1",
      name: null,
      email: "new@example.test",
      address: null,
      metadata: { tier: "gold", age: 3 },
      updatedAt: NOW,
    });
    expect(await customers.get(id)).toEqual(updated);
  });

  it("can set a missing source id, and cannot change one", async () => {
    const { customers } = await createFixture(open);
    const { id } = await customers.upsert({ email: "ann@example.test" });
    expect(await customers.update(id, { sourceId: "shop-1" })).toMatchObject({ id, sourceId: "shop-1" });
    expect(await customers.get("shop-1")).toMatchObject({ id, email: "ann@example.test" });
    for (const sourceId of ["shop-2", null])
      await expect(customers.update(id, { sourceId })).rejects.toMatchObject({
        code: "invalid_customer",
        path: "sourceId",
      });
    expect(await customers.update(id, { sourceId: "shop-1", name: "Ann" })).toMatchObject({ name: "Ann" });
  });

  it("cannot set the source id of another customer", async () => {
    const { engine, customers } = await createFixture(open);
    const { id } = await customers.upsert({ email: "bob@example.test" });
    await customers.upsert(ANN);
    const before = await contents(engine);
    await expect(customers.update(id, { sourceId: "shop-1", name: "Bob" })).rejects.toMatchObject({
      code: "duplicate_found",
      resource: "customer",
      path: "sourceId",
      id: "shop-1",
    });
    expect(await contents(engine)).toEqual(before);
  });
});

describe.each(engineStores)("a deleted customer on %s", (_, open) => {
  it("is removed, and publications and vouchers keep its id", async () => {
    const { engine, customers, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { id, customerId } = await publications.create({ campaign: "spring", customer: ANN });
    await customers.delete("shop-1");
    await expect(customers.get("shop-1")).rejects.toMatchObject({ code: "not_found" });
    await expect(customers.get(customerId)).rejects.toMatchObject({ code: "not_found" });
    expect((await publications.list({ customer: customerId })).data).toMatchObject([
      { id, customerId, trackingId: "shop-1", codes: ["A"], customer: { id: customerId } },
    ]);
    expect(await vouchers.get("A")).toMatchObject({ holderId: customerId, publish: { count: 1, publication: { id } } });
  });

  it("that comes again is a new one", async () => {
    const { customers } = await createFixture(open);
    const first = await customers.upsert(ANN);
    await customers.delete(first.id);
    const second = await customers.upsert({ sourceId: "shop-1" });
    expect(second).toMatchObject({ sourceId: "shop-1", name: null });
    expect(second.id).not.toBe(first.id);
  });
});
