import { beforeAll, describe, expect, it } from "vitest";
import { allPublications, createFixture, type Fixture, listAll, toArray } from "../support/fixture.ts";
import { overrideMethods } from "../support/override-methods.ts";
import { createSampleRecords, KINDS, listMethods, ordersOf } from "../support/sample-records.ts";
import { engineStores } from "../support/stores.ts";

/** The value by which a record is ordered, or null. */
const keyOf = (by: string, record: object): string | null => {
  const value: unknown = by === "voucherCode" ? Reflect.get(record, "codes")[0] : Reflect.get(record, by);
  return typeof value === "string" ? value : null;
};

/** UTF-8 sorts by code point. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Null comes first. */
const byKey = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : byCodePoint(a, b);

describe.each(engineStores)("a list on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(open);
    await createSampleRecords(fixture);
  });

  it.each(KINDS)("of %s has the requested order, and then the order of ids, in both directions", async (kind) => {
    const list = listMethods(fixture.engine)[kind];
    const whole = await listAll((page) => list(page));
    for (const order of ordersOf(kind)) {
      const [by, sign] = order.startsWith("-") ? [order.slice(1), -1] : [order, 1];
      const expected = whole.toSorted((a, b) => sign * (byKey(keyOf(by, a), keyOf(by, b)) || byCodePoint(a.id, b.id)));
      const { data } = await list({ order, limit: 100 });
      expect(data, order).toEqual(expected);
    }
  });

  it.each(KINDS)("of %s has the ten newest by default", async (kind) => {
    const list = listMethods(fixture.engine)[kind];
    const newest = await list({ order: "-createdAt", limit: 100 });
    expect(newest.data.length).toBeGreaterThan(10);
    expect((await list({})).data).toEqual(newest.data.slice(0, 10));
  });

  it("of an empty store is empty", async () => {
    const { engine } = await createFixture(open);
    for (const kind of KINDS) {
      const page = await listMethods(engine)[kind]({});
      expect([page.data, page.next, await page.total()]).toEqual([[], null, 0]);
    }
  });

  it.each([1, 2, 3, 7, 100])("in pages of %i is the same as the whole list", async (limit) => {
    for (const kind of KINDS) {
      const list = listMethods(fixture.engine)[kind];
      const whole = await listAll((page) => list(page));
      const pages = Math.ceil(whole.length / limit);
      for (let page = 1; page <= pages; page++) {
        const { data, next, total } = await list({ page, limit });
        expect(data).toEqual(whole.slice((page - 1) * limit, page * limit));
        expect(next === null).toBe(page === pages);
        expect(await total()).toBe(whole.length);
      }
      expect(await list({ page: pages + 1, limit })).toMatchObject({ data: [], next: null });
    }
  });

  it.each<[object, string, string]>([
    [{ limit: 0 }, "invalid_query_params", "limit"],
    [{ limit: 101 }, "invalid_query_params", "limit"],
    [{ limit: 2.5 }, "invalid_query_params", "limit"],
    [{ limit: "10" }, "invalid_query_params", "limit"],
    [{ page: 0 }, "invalid_query_params", "page"],
    [{ page: -1 }, "invalid_query_params", "page"],
    [{ page: 1001 }, "page_over_limit", "page"],
    [{ order: "email" }, "invalid_query_params", "order"],
    [{ order: "--createdAt" }, "invalid_query_params", "order"],
    [{ order: "created_at" }, "invalid_query_params", "order"],
  ])("asked for with %j is refused as %s", async (query, code, path) => {
    for (const kind of ["publications", "vouchers", "campaigns"] as const)
      await expect(listMethods(fixture.engine)[kind](query)).rejects.toMatchObject({ code, path });
  });

  it("has a 1000th page", async () => {
    for (const kind of KINDS)
      expect(await listMethods(fixture.engine)[kind]({ page: 1000 })).toMatchObject({ data: [], next: null });
  });

  it("ignores unknown properties", async () => {
    for (const kind of KINDS) {
      const list = listMethods(fixture.engine)[kind];
      expect((await list({ expand: "category" })).data).toEqual((await list({})).data);
    }
  });

  it("counts all matches, and only on request", async () => {
    let counted = 0;
    const repository = overrideMethods(fixture.repository, {
      count: (queries) => {
        counted++;
        return fixture.repository.count(queries);
      },
    });
    const { publications } = fixture.anotherEngine({ repository });
    const whole = await allPublications(fixture.engine);
    const failed = whole.filter(({ result }) => result === "FAILURE").length;

    const page = await publications.list({ limit: 2, page: 2 });
    await toArray(publications.iterate());
    await publications.list({ cursor: page.next, limit: 3 });
    const failures = await publications.list({ result: "FAILURE", limit: 1 });
    expect(counted).toBe(0);
    expect(await page.total()).toBe(whole.length);
    expect(await failures.total()).toBe(failed);
    expect(counted).toBe(2);
  });

  it("has each record in the same form as `get`", async () => {
    const { vouchers, campaigns, customers } = fixture;
    for (const voucher of (await vouchers.list({ limit: 100 })).data)
      expect(await vouchers.get(voucher.id)).toEqual(voucher);
    for (const campaign of (await campaigns.list()).data) expect(await campaigns.get(campaign.id)).toEqual(campaign);
    for (const customer of (await customers.list()).data) expect(await customers.get(customer.id)).toEqual(customer);
  });
});
