import type { Repository } from "oncecode";
import {
  campaign,
  campaignSelection,
  creation,
  draft,
  failedDraft,
  key,
  voucherSelection,
  vouchersOf,
} from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import {
  INDEXED_ORDERS,
  MATCH_ALL,
  NEWEST_LISTS,
  newestQuery,
  POSITION,
  SELECTIVE_LISTS,
} from "../../support/plan-queries.ts";
import { observeHandle } from "./handles.ts";
import { newFile, openHandle } from "./temporary-files.ts";

/** The plans of all statements that `act` runs. */
let plansOf: (act: (repository: Repository) => Promise<unknown>) => Promise<readonly string[]>;

beforeEach(async () => {
  const handle = openHandle(await newFile());
  const statements = new Map<string, readonly (null | number | string)[]>();
  const repository = await sqliteRepository({
    handle: observeHandle(handle, (sql, values) => void statements.set(sql, values)),
  });
  plansOf = async (act) => {
    statements.clear();
    await act(repository);
    return [...statements]
      .filter(([sql]) => /^\s*(?:select|insert|update|delete)\b.*oncecode_/s.test(sql))
      .flatMap(([sql, values]) => handle.prepare(`explain query plan ${sql}`).all(...values))
      .map(({ detail }) => String(detail));
  };
});

/** A full scan is allowed only over the list of operands. */
const isSlow = (plan: string): boolean => /\bSCAN (?!json_each|CONSTANT|.* VIRTUAL TABLE)|TEMP B-TREE/.test(plan);

describe("a page of the newest", () => {
  it.each(NEWEST_LISTS)("of %s, %j, is read from the index %s", async (kind, filter, index, column) => {
    const found = column === null ? "" : ` (${column}=?)`;
    const plan = await plansOf((repository) => repository.page(newestQuery(kind, filter)));
    expect(plan).toEqual([expect.stringContaining(`INDEX oncecode_${index}${found}`)]);
  });

  it.each(NEWEST_LISTS)("of %s, %j, is read from the index %s after a cursor", async (kind, filter, index, column) => {
    const found = column === null ? "" : `${column}=? AND `;
    const plan = await plansOf((repository) => repository.page(newestQuery(kind, filter, { after: POSITION })));
    expect(plan).toEqual([expect.stringContaining(`INDEX oncecode_${index} (${found}(created_at,id)<(?,?))`)]);
  });

  it("reads the oldest from the other end of the index", async () => {
    const plan = await plansOf((repository) =>
      repository.page(newestQuery("publications", MATCH_ALL, { descending: false })),
    );
    expect(plan).toEqual([expect.stringContaining("oncecode_publications_by_time")]);
  });
});

describe("a page", () => {
  it.each(SELECTIVE_LISTS)("of few %s, %j, does not scan the table", async (kind, filter) => {
    const plan = await plansOf((repository) => repository.page(newestQuery(kind, filter)));
    expect(plan.filter((step) => /SCAN oncecode/.test(step))).toEqual([]);
  });

  it.each([...INDEXED_ORDERS, ["campaigns", "name"] as const])(
    "of %s by %s is read from an index",
    async (kind, by) => {
      const plan = await plansOf((repository) => repository.page(newestQuery(kind, MATCH_ALL, { by })));
      expect(plan).toEqual([expect.stringContaining("USING INDEX")]);
    },
  );
});

describe("a write", () => {
  it("scans no table and sorts nothing", async () => {
    const owner = campaign();
    const vouchers = vouchersOf(owner, 4);
    const plans = await plansOf(async (repository) => {
      await repository.put("campaigns", [creation(owner)]);
      await repository.add(vouchers);
      await repository.settle([
        draft(campaignSelection(owner), { keys: [key("k")] }),
        draft(voucherSelection(vouchers[0]!)),
      ]);
      await repository.settle([draft(campaignSelection(owner, { count: 5, fresh: vouchersOf(owner, 9) }))]);
      await repository.record([failedDraft()]);
      await repository.remove("campaigns", [owner.id]);
    });
    expect(plans.length).toBeGreaterThanOrEqual(20);
    expect(plans.filter(isSlow)).toEqual([]);
  });

  it("draws along the index of the pool", async () => {
    const owner = campaign();
    const plans = await plansOf(async (repository) => {
      await repository.put("campaigns", [creation(owner)]);
      await repository.add(vouchersOf(owner, 4));
      await repository.settle([draft(campaignSelection(owner, { startRank: 0.5, count: 5 }))]);
    });
    expect(plans).toContain(
      "SEARCH oncecode_vouchers USING INDEX oncecode_vouchers_in_pool (campaign_id=? AND rank>?)",
    );
    expect(plans).toContain(
      "SEARCH oncecode_vouchers USING INDEX oncecode_vouchers_in_pool (campaign_id=? AND rank<?)",
    );
  });
});
