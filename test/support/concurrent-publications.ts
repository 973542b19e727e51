import type { Engine } from "oncecode";
import { DISCOUNT } from "./fixture.ts";

/**
 * Sends sixty publish requests at once and returns the published codes. Ten requests repeat another one.
 * The pool has thirty vouchers, and the campaign creates the missing ones.
 */
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
