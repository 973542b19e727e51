import { createEngine, type Draft, type Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";

const VOUCHER = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** Where each draft of a campaign's began. */
const watched = (): { readonly repository: Repository; readonly begun: number[] } => {
  const [repository, begun] = [memoryRepository(), [] as number[]];
  const note = ({ take }: Draft): void => {
    if (take.type === "campaign") begun.push(take.at);
  };
  return {
    begun,
    repository: {
      ...repository,
      settle: (drafts) => {
        drafts.forEach(note);
        return repository.settle(drafts);
      },
    },
  };
};

describe("a draw", () => {
  it("begins at a random point, and the next one of that campaign where it ended", async () => {
    const { repository, begun } = watched();
    const { campaigns, publications } = createEngine({ repository });
    for (const name of ["one", "two"]) await campaigns.create({ name, vouchersCount: 20, voucher: VOUCHER });
    const draw = async (name: string, count: number): Promise<number | undefined> => {
      const { codes } = await publications.create({ campaign: { name, count }, customer: { sourceId: "c" } });
      const last = codes.at(-1);
      return (await repository.find("vouchers", [{ name: last ?? "" }]))[0]?.rank;
    };
    const ends = [await draw("one", 1), await draw("one", 3), await draw("two", 1), await draw("one", 1)];
    expect(begun.slice(1)).toEqual([ends[0], expect.any(Number), ends[1]]);
    expect(ends.slice(0, 2)).not.toContain(begun[2]);
    for (const at of begun) expect(at >= 0 && at < 1).toBe(true);
  });

  it("begins elsewhere in another process", async () => {
    const { repository, begun } = watched();
    await createEngine({ repository }).campaigns.create({ name: "one", vouchersCount: 20, voucher: VOUCHER });
    for (let process = 0; process < 5; process++)
      await createEngine({ repository }).publications.create({ campaign: "one", customer: { sourceId: "c" } });
    expect(new Set(begun).size).toBe(5);
  });
});
