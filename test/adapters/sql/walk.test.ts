import { campaign, campaignSelection, creation, draft, vouchersOf } from "oncecode/conformance";
import { describe, expect, it } from "vitest";
import { allStores } from "../../support/stores.ts";

const servers = allStores.filter(([name]) => name === "PostgreSQL" || name === "MariaDB");

describe.each(servers)("the drafts of one call, on %s", (_, open) => {
  it("take vouchers of one walk, starting at the first draft's rank and going once around, for each pool by itself", async () => {
    const repository = await open();
    const owners = [campaign(), campaign()] as const;
    await repository.put("campaigns", owners.map(creation));
    const position = (i: number): number => (i * 7) % 30;
    for (const owner of owners)
      await repository.add(vouchersOf(owner, 30).map((voucher, i) => ({ ...voucher, rank: position(i) / 30 })));
    const [one, other] = owners;
    const drafts = [
      draft(campaignSelection(one, { startRank: 0.8, count: 2 })),
      draft(campaignSelection(other, { startRank: 0.1 })),
      ...Array.from({ length: 8 }, () => draft(campaignSelection(one, { count: 3 }))),
      draft(campaignSelection(other, { count: 5 })),
    ];
    const settlements = await repository.settle(drafts);
    const positions = settlements.map((settlement) =>
      settlement.type === "published" ? settlement.vouchers.map(({ rank }) => Math.round(rank * 30)) : [],
    );
    const positionsFrom = (start: number, count: number): readonly number[] =>
      Array.from({ length: count }, (_, i) => (start + i) % 30);
    const [first = [], second = [], ...others] = positions;
    expect([...first, ...others.slice(0, 8).flat()]).toEqual(positionsFrom(24, 26));
    expect([...second, ...others.slice(8).flat()]).toEqual(positionsFrom(3, 6));
  });
});
