import { where } from "oncecode";
import { beforeAll, describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT, type Fixture, toArray } from "../support/fixture.ts";
import { createSampleRecords, KINDS, listMethods, ordersOf } from "../support/sample-records.ts";
import { engineStores } from "../support/stores.ts";

const INVALID_CURSOR = { code: "invalid_query_params", path: "cursor" };

describe.each(engineStores)("a cursor on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(open);
    await createSampleRecords(fixture);
  });

  it.each(KINDS)("reads all %s without gap or repetition, in each order and with any limit", async (kind) => {
    const list = listMethods(fixture.engine)[kind];
    for (const order of ordersOf(kind)) {
      const whole = (await list({ order, limit: 100 })).data;
      for (const limit of [1, 2, 5]) {
        const records: unknown[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof list>> = await list({ order, limit, cursor });
          records.push(...page.data);
          cursor = page.next;
        } while (cursor !== null);
        expect(records, `${order} by ${limit}`).toEqual(whole);
      }
    }
  });

  it("is null after the last record, even on a full page", async () => {
    const list = listMethods(fixture.engine).customers;
    const total = await (await list({})).total();
    expect((await list({ limit: total })).next).toBeNull();
    expect((await list({ limit: total - 1 })).next).not.toBeNull();
  });

  it("continues from any page, and with any limit", async () => {
    const list = listMethods(fixture.engine).publications;
    const whole = (await list({ limit: 100 })).data;
    const second = await list({ page: 2, limit: 3 });
    expect((await list({ cursor: second.next, limit: 2 })).data).toEqual(whole.slice(6, 8));
  });

  it("works with filters, and counts all matches", async () => {
    const { publications } = fixture;
    const filters = where("result").is("SUCCESS");
    const whole = await toArray(publications.iterate({ filters }));
    const first = await publications.list({ filters, limit: 3 });
    const rest = await publications.list({ filters, limit: 100, cursor: first.next });
    expect([...first.data, ...rest.data]).toEqual(whole);
    expect(await rest.total()).toBe(whole.length);
  });

  it("is refused with another order, and with a page number", async () => {
    const { vouchers } = fixture;
    const { next } = await vouchers.list({ order: "code", limit: 2 });
    for (const order of ["-code", "createdAt", "id"] as const)
      await expect(vouchers.list({ order, cursor: next })).rejects.toMatchObject(INVALID_CURSOR);
    await expect(vouchers.list({ cursor: next })).rejects.toMatchObject(INVALID_CURSOR);
    await expect(vouchers.list({ order: "code", cursor: next, page: 2 })).rejects.toMatchObject({
      code: "invalid_query_params",
    });
  });

  it.each(["", "nonsense", "eyJhIjoxfQ", "0", "😀"])("cannot be %j", async (cursor) => {
    for (const kind of KINDS)
      await expect(listMethods(fixture.engine)[kind]({ cursor })).rejects.toMatchObject(INVALID_CURSOR);
  });
});

describe.each(engineStores)("a cursor while the list changes on %s", (_, open) => {
  const publishing = async (): Promise<Fixture & { readonly publish: (count: number) => Promise<void> }> => {
    const fixture = await createFixture(open);
    const { campaigns, publications } = fixture;
    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT });
    const publish = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await publications.create({ campaign: "spring", customer: "shop-1" });
    };
    return { ...fixture, publish };
  };

  it("reads the records of its start, newest first, while others publish", async () => {
    const { publications, publish } = await publishing();
    await publish(6);
    const whole = (await publications.list()).data;
    const first = await publications.list({ limit: 2 });
    await publish(3);
    const second = await publications.list({ limit: 2, cursor: first.next });
    await publish(3);
    const third = await publications.list({ limit: 2, cursor: second.next });
    expect([...first.data, ...second.data, ...third.data]).toEqual(whole);
    expect(third.next).toBeNull();
  });

  it("reads new records, too, oldest first", async () => {
    const { publications, publish } = await publishing();
    await publish(3);
    const first = await publications.list({ order: "createdAt", limit: 2 });
    await publish(2);
    const rest = await publications.list({ order: "createdAt", cursor: first.next });
    const whole = await publications.list({ order: "createdAt" });
    expect([...first.data, ...rest.data]).toEqual(whole.data);
    expect(whole.data).toHaveLength(5);
  });

  it("does not shift an iteration", async () => {
    const { publications, publish } = await publishing();
    await publish(120);
    const whole = await toArray(publications.iterate());
    const ids: string[] = [];
    for await (const { id } of publications.iterate()) {
      if (ids.length % 50 === 0) await publish(1);
      ids.push(id);
    }
    expect(ids).toEqual(expect.arrayContaining(whole.map(({ id }) => id)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("continues after a record that was deleted meanwhile", async () => {
    const { engine, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D"]);
    const first = await vouchers.list({ order: "code", limit: 2 });
    await vouchers.delete("B");
    await vouchers.delete("C");
    const rest = await vouchers.list({ order: "code", cursor: first.next });
    expect(rest.data.map(({ code }) => code)).toEqual(["D"]);
  });
});
