import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { ORDERS } from "../../domain/attributes.ts";
import { and, where } from "../../domain/filters.ts";
import type { Kind, Records } from "../../domain/model.ts";
import { comparePositions, positionOf, type Query } from "../../domain/pages.ts";
import type { Repository } from "../../repository.ts";
import { populate } from "../fixture.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, publish } from "../law-steps.ts";
import { campaignSelection, creation, customer, draft, instant, NOW } from "../sample-records.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

/** One query for each order of a kind, in both directions. */
const queriesInEveryOrder = <K extends Kind>(kind: K): readonly Query<K>[] =>
  ORDERS[kind].flatMap((by) =>
    [false, true].map((descending) => ({ kind, filter: and(), by, descending, after: null, offset: 0, limit: 1000 })),
  );

const sortForQuery = <K extends Kind>(
  { by, descending }: Query<K>,
  records: readonly Records[K][],
): readonly Records[K][] =>
  records.toSorted((a, b) => comparePositions(positionOf(by, a), positionOf(by, b)) * (descending ? -1 : 1));

const queryLabel = ({ kind, by, descending }: Query): string => `${kind} by ${descending ? "-" : ""}${by}`;

/** Reads page after page, each from the end of the last one. */
const readAllPages = async <K extends Kind>(
  repository: Repository,
  query: Query<K>,
  afterEachPage: (page: readonly Records[K][]) => Promise<unknown> = async () => null,
): Promise<readonly Records[K][]> => {
  const records: Records[K][] = [];
  for (let after = query.after; ; ) {
    const page: readonly Records[K][] = await repository.page({ ...query, after });
    const last = page.at(-1);
    if (last === undefined) return records;
    assert.ok(page.length <= query.limit);
    records.push(...page);
    assert.ok(records.length < 1000, "The pages have no end");
    after = positionOf(query.by, last);
    await afterEachPage(page);
  }
};

/** The methods `page` and `count`. Filters have their own laws. */
export const listingLaws: LawGroup = (law) => [
  law(
    "lists have each order: text by code point, null first, ties by id",
    "pages would repeat or miss records, or stores would differ",
    async (repository) => {
      const fixture = await populate(repository);
      const check = async <K extends Kind>(kind: K): Promise<void> => {
        for (const query of queriesInEveryOrder(kind)) {
          const records: readonly Records[K][] = fixture[kind];
          assert.deepEqual(await repository.page(query), sortForQuery(query, records), queryLabel(query));
        }
      };
      for (const kind of KINDS) await check(kind);
    },
  ),

  law(
    "pages by cursor and pages by offset have each record once, in order",
    "an export would repeat or miss records",
    async (repository) => {
      const fixture = await populate(repository);
      const check = async <K extends Kind>(kind: K): Promise<void> => {
        for (const [i, query] of queriesInEveryOrder(kind).entries()) {
          const records = sortForQuery<K>(query, fixture[kind]);
          const limit = 3 + (i % 5);
          assert.deepEqual(
            await readAllPages(repository, { ...query, limit }),
            records,
            `${queryLabel(query)}, ${limit} at a time`,
          );
          const offset = (i * 7) % records.length;
          assert.deepEqual(
            await repository.page({ ...query, offset, limit }),
            records.slice(offset, offset + limit),
            `${queryLabel(query)}, after ${offset}`,
          );
          const [, middle = null] = records;
          const after = middle === null ? null : positionOf(query.by, middle);
          assert.deepEqual(await repository.page({ ...query, after, offset: 2, limit: 2 }), records.slice(4, 6));
        }
      };
      for (const kind of KINDS) await check(kind);
    },
  ),

  law(
    "a page after the last record is empty, and so is a page of an empty list",
    "a caller who reads until the first empty page would never stop",
    async (repository) => {
      const query = {
        kind: "customers",
        filter: and(),
        by: "name",
        descending: false,
        after: null,
        offset: 0,
        limit: 5,
      } as const;
      assert.deepEqual(await repository.page(query), []);
      assert.deepEqual(await repository.count([query, query]), [0, 0]);
      const [one, other] = [customer({ name: null }), customer({ name: "b" })];
      await repository.put("customers", [creation(one), creation(other)]);
      const last = positionOf("name", other);
      assert.deepEqual(await repository.page({ ...query, after: last }), []);
      assert.deepEqual(await repository.page({ ...query, offset: 2 }), []);
      assert.deepEqual(await repository.page({ ...query, limit: 1 }), [one]);
      assert.deepEqual(await repository.page({ ...query, after: { value: "a", id: "" } }), [other]);
      assert.deepEqual(await repository.page({ ...query, after: { value: null, id: "" } }), [one, other]);
      assert.deepEqual(await repository.page({ ...query, after: last, descending: true }), [one]);
      assert.deepEqual(await repository.page({ ...query, after: positionOf("name", one), descending: true }), []);
    },
  ),

  law(
    "a cursor keeps its position while earlier records are added and removed",
    "an export of a busy campaign would repeat or miss codes",
    async (repository) => {
      const customers = Array.from({ length: 12 }, (_, i) =>
        customer({ createdAt: instant(`2026-03-02T09:15:${String(10 + Math.floor(i / 2))}.000Z`) }),
      );
      await repository.put("customers", customers.map(creation));
      for (const descending of [false, true]) {
        const query = { kind: "customers", filter: and(), by: "createdAt", after: null, offset: 0, limit: 2 } as const;
        const earliest = instant("2026-03-02T09:15:00.000Z");
        const latest = instant("2026-03-02T09:16:00.000Z");
        const detailsBeforeCursor = (): Parameters<typeof customer>[0] => ({
          createdAt: descending ? latest : earliest,
        });
        const records = await readAllPages(repository, { ...query, descending }, async (page) => {
          await repository.put("customers", [creation(customer(detailsBeforeCursor()))]);
          const [removed] = page;
          if (descending && removed) await repository.remove("customers", [removed.id]);
        });
        const ids = records.map(({ id }) => id).filter((id) => customers.some((one) => one.id === id));
        const expected = sortForQuery({ ...query, descending }, customers).map(({ id }) => id);
        assert.deepEqual(ids, expected);
      }
    },
  ),

  law(
    "count answers each query, in order",
    "a summary would show a number under the wrong name",
    async (repository) => {
      const fixture = await populate(repository);
      const queries = [
        { kind: "vouchers", filter: and() },
        { kind: "customers", filter: where("createdAt").is(NOW) },
        { kind: "publications", filter: where("result").is("SUCCESS") },
        { kind: "campaigns", filter: and() },
        { kind: "publications", filter: and() },
      ] as const;
      assert.deepEqual(await repository.count(queries), [
        fixture.vouchers.length,
        fixture.customers.filter(({ createdAt }) => createdAt === NOW).length,
        fixture.publications.filter(({ result }) => result === "SUCCESS").length,
        fixture.campaigns.length,
        fixture.publications.length,
      ]);
    },
  ),

  law(
    "the counts of one call are of the same instant",
    "a summary would not add up while codes are published",
    async (repository) => {
      if (repository.batchMax < 4) return;
      const { testCampaign } = await createCampaignWithVouchers(repository, 200);
      const unpublishedQuery = { kind: "vouchers", filter: where("publicationId").isUnknown() } as const;
      const publishedQuery = { kind: "vouchers", filter: where("publicationId").hasValue() } as const;
      const [voucherQuery, publicationQuery] = [
        { kind: "vouchers", filter: and() } as const,
        { kind: "publications", filter: and() } as const,
      ];
      let isPublishing = true;
      const publishAll = async (): Promise<void> => {
        try {
          for (let i = 0; i < 200; i++) await publish(repository, draft(campaignSelection(testCampaign)));
        } finally {
          isPublishing = false;
        }
      };
      const countWhilePublishing = async (): Promise<void> => {
        for (let i = 1; isPublishing; i++) {
          const [unpublished = 0, publicationCount, published = 0, total] = await repository.count([
            unpublishedQuery,
            publicationQuery,
            publishedQuery,
            voucherQuery,
          ]);
          assert.deepEqual([published, unpublished + published, total], [publicationCount, 200, 200]);
          // A store may wait for its disk or its server.
          if (i % 20 === 0) await setImmediate();
        }
      };
      await Promise.all([publishAll(), countWhilePublishing()]);
      assert.deepEqual(await repository.count([publishedQuery, unpublishedQuery]), [200, 0]);
    },
  ),
];
