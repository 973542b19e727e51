import { setTimeout } from "node:timers/promises";
import { createEngine } from "oncecode";
import type { Rest, Stored } from "./history.ts";
import type { Kind } from "./kind.ts";

/** What is in the tables, read without the adapter that is being tested. */
export const storedIn = async ({ query }: Kind, url: string): Promise<Stored> => {
  const publications = await query<{
    readonly id: string;
    readonly customer: string | null;
    readonly source_id: string | null;
    readonly campaign: string | null;
    readonly codes: string;
    readonly voucher_ids: string;
    readonly metadata: string;
  }>(
    url,
    `select p.id, c.source_id as customer, p.source_id, p.campaign, p.codes, p.voucher_ids, p.metadata
      from oncecode_publications p left join oncecode_customers c on c.id = p.customer_id where p.result = 'SUCCESS'`,
  );
  const vouchers = await query<{
    readonly id: string;
    readonly code: string;
    readonly campaign: string | null;
    readonly publication_id: string | null;
  }>(url, "select id, code, campaign, publication_id from oncecode_vouchers");
  const claims = await query<{ readonly voucher_id: string; readonly code: string; readonly publication_id: string }>(
    url,
    "select voucher_id, code, publication_id from oncecode_claims",
  );
  const keys = await query<{ readonly publication_id: string }>(url, "select publication_id from oncecode_keys");
  return {
    publications: publications.map(({ id, customer, source_id, campaign, codes, voucher_ids, metadata }) => ({
      id,
      attempt: JSON.parse(metadata).attempt,
      customer,
      sourceId: source_id,
      campaign,
      codes: JSON.parse(codes),
      voucherIds: JSON.parse(voucher_ids),
    })),
    vouchers: vouchers.map(({ publication_id, ...voucher }) => ({ ...voucher, publicationId: publication_id })),
    claims: claims.map(({ voucher_id, code, publication_id }) => ({
      voucherId: voucher_id,
      code,
      publicationId: publication_id,
    })),
    keyOwners: keys.map(({ publication_id }) => publication_id),
  };
};

/** How long a server may take to notice that its clients are gone. */
const PATIENCE = 5000;

const leftIn = async ({ query, leftOver }: Kind, url: string): Promise<number> => {
  for (const deadline = Date.now() + PATIENCE; ; await setTimeout(50)) {
    const [row] = await query<{ readonly left: number | string }>(url, leftOver);
    const left = Number(row?.left);
    if (left === 0 || Date.now() > deadline) return left;
  }
};

/** What the store says through its port, and what goes on in the server once nobody uses it. */
export const restOf = async (kind: Kind, url: string, pools: readonly string[]): Promise<Rest> => {
  const repository = await kind.open(url, { isUnsafe: true });
  try {
    const { campaigns, publications } = createEngine({ repository });
    const summaries = await Promise.all(pools.map(async (pool) => [pool, await campaigns.summary(pool)] as const));
    const successes = await publications.count({ result: "SUCCESS" });
    await repository.close();
    return {
      successes,
      pools: Object.fromEntries(summaries.map(([pool, { total, published }]) => [pool, { total, published }])),
      left: await leftIn(kind, url),
    };
  } catch (thrown) {
    await repository.close();
    throw thrown;
  }
};
