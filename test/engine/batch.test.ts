import { createEngine } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { DISCOUNT } from "../support/fixture.ts";
import { overrideMethods } from "../support/override-methods.ts";

/** An engine on the memory store, and the sizes of its calls of `settle`. */
const countingEngine = async () => {
  const repository = memoryRepository();
  const sizes: number[] = [];
  const engine = createEngine({
    repository: overrideMethods(repository, {
      settle: (drafts) => {
        sizes.push(drafts.length);
        return repository.settle(drafts);
      },
    }),
  });
  await engine.campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 100 });
  return { publications: engine.publications, sizes };
};

describe("a publication", () => {
  it("waits for one turn of the event loop if no other call publishes", async () => {
    const { publications } = await countingEngine();
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await publications.create({ campaign: "spring", customer: "shop-1" });
    clearImmediate(next);
    expect(turns).toBe(1);
  });

  it("shares a commit with all calls of one turn, whatever lookups they need", async () => {
    const { publications, sizes } = await countingEngine();
    await publications.create({ campaign: "spring", customer: "shop-1" });
    await Promise.all([
      publications.create({ campaign: "spring", customer: "shop-1" }),
      publications.create({ campaign: "spring", customer: "shop-2" }),
      publications.create({ campaign: "spring", customer: { email: "ann@example.test" } }),
      publications.create({ campaign: "spring", customer: { sourceId: "shop-3", name: "Ann" }, sourceId: "order-1" }),
    ]);
    expect(sizes).toEqual([1, 4]);
  });
});
