import type { Engine } from "oncecode";
import { DISCOUNT } from "./fixture.ts";

/** Sixty publications at once, ten of which are asked for twice, from a pool of thirty that grows. Gives their codes. */
export const publishConcurrently = async ({ campaigns, publications }: Engine): Promise<ReadonlySet<string>> => {
  await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 30 });
  const calls = Array.from({ length: 60 }, (_, i) =>
    publications.create({
      campaign: "spring",
      customer: { sourceId: `shop-${i % 50}` },
      sourceId: `order-${i % 50}`,
    }),
  );
  return new Set((await Promise.all(calls)).flatMap(({ codes }) => codes));
};
