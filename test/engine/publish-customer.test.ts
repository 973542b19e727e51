import type { CustomerInput } from "oncecode";
import { describe, expect, it } from "vitest";
import { contents, createCampaignWithCodes, createFixture, listAll } from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

describe.each(allStores)("the customer of a publication on %s", (_, open) => {
  it.each<[string, (id: string) => string | CustomerInput]>([
    ["an id", (id) => id],
    ["a source id", () => "shop-1"],
    ["an object with an id", (id) => ({ id })],
    ["an object with a source id", () => ({ sourceId: "shop-1" })],
    ["an object with an id and the source id of nobody", (id) => ({ id, sourceId: "shop-9" })],
  ])("is found by %s", async (_what, customer) => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const ann = await customers.upsert({ sourceId: "shop-1", name: "Ann", metadata: { tier: "gold" } });
    const publication = await publications.create({ campaign: "spring", customer: customer(ann.id) });
    expect(publication).toMatchObject({
      customerId: ann.id,
      trackingId: "shop-1",
      customer: { id: ann.id, sourceId: "shop-1", name: "Ann", metadata: { tier: "gold" } },
    });
    expect(await listAll((page) => customers.list(page))).toEqual([ann]);
  });

  it("can be a fetched record, also from an earlier publication", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const ann = await customers.upsert({ sourceId: "shop-1", name: "Ann", address: { city: "Graz" } });
    const first = await publications.create({ campaign: "spring", customer: ann });
    const second = await publications.create({ campaign: "spring", customer: first.customer });
    expect([first.customerId, second.customerId]).toEqual([ann.id, ann.id]);
    expect(await listAll((page) => customers.list(page))).toEqual([ann]);
  });

  it.each<[string, string | CustomerInput]>([
    ["a source id", "shop-1"],
    ["an object with one", { sourceId: "shop-1", name: "Ann" }],
  ])("is made, where %s is new", async (_what, customer) => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { customerId, trackingId } = await publications.create({ campaign: "spring", customer });
    expect(trackingId).toBe("shop-1");
    expect(await customers.get("shop-1")).toMatchObject({ id: customerId, updatedAt: null });
  });

  it("is a new one each time if it has only an email", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"], { joinOnce: true });
    const ask = () => publications.create({ campaign: "spring", customer: { email: "ann@example.test" } });
    const [first, second] = [await ask(), await ask()];
    expect(first).toMatchObject({ trackingId: null, customer: { sourceId: null, email: "ann@example.test" } });
    expect(second.customerId).not.toBe(first.customerId);
    expect(second.codes).not.toEqual(first.codes);
    expect(await listAll((page) => customers.list(page))).toHaveLength(2);
  });

  it("is updated: given fields replace, null clears, absent fields stay", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    await customers.upsert({
      sourceId: "shop-1",
      name: "Ann",
      email: "ann@example.test",
      phone: "1",
      metadata: { tier: "silver", since: 2020 },
    });
    const { customer } = await publications.create({
      campaign: "spring",
      customer: { sourceId: "shop-1", email: null, name: "Anna", metadata: { tier: "gold" } },
    });
    expect(customer).toMatchObject({ name: "Anna", email: null, metadata: { tier: "gold", since: 2020 } });
    expect(await customers.get("shop-1")).toMatchObject({
      name: "Anna",
      email: null,
      phone: "1",
      metadata: { tier: "gold", since: 2020 },
    });
  });

  it("is one customer with the data of all calls, when many calls publish to it at once", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D"]);
    const keys = ["a", "b", "c", "d"];
    const answers = await Promise.all(
      keys.map((key) =>
        publications.create({ campaign: "spring", customer: { sourceId: "shop-1", metadata: { [key]: true } } }),
      ),
    );
    expect(new Set(answers.map(({ customerId }) => customerId)).size).toBe(1);
    expect(new Set(answers.flatMap(({ codes }) => codes)).size).toBe(4);
    expect((await customers.get("shop-1")).metadata).toEqual({ a: true, b: true, c: true, d: true });
  });

  it("is in lists with today's data, and with the source id of the publication", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { customerId } = await publications.create({ campaign: "spring", customer: { name: "Ann" } });
    await customers.update(customerId, { name: "Anna", sourceId: "shop-1" });
    expect((await publications.list()).data).toMatchObject([
      { trackingId: null, customer: { name: "Anna", sourceId: "shop-1" } },
    ]);
  });

  it("with an unknown id is not found, and nothing is stored", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    for (const customer of ["cust_nobody", { id: "cust_nobody", name: "Ann" }])
      await expect(publications.create({ campaign: "spring", customer })).rejects.toMatchObject({
        code: "not_found",
        resource: "customer",
        id: "cust_nobody",
      });
    expect(await contents(engine)).toEqual(before);
  });
});
