import { setTimeout } from "node:timers/promises";
import { createEngine } from "oncecode";
import type { FinalState, StoredRows } from "./history.ts";
import type { ServerKind } from "./server-kind.ts";

/** Reads the tables without the adapter under test. */
export const readStoredRows = async ({ query }: ServerKind, url: string): Promise<StoredRows> => {
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

/** The time for a server to notice that its clients have gone. */
const DISCONNECT_TIMEOUT = 5000;

const countOpenResources = async ({ query, openResourcesQuery }: ServerKind, url: string): Promise<number> => {
  for (const deadline = Date.now() + DISCONNECT_TIMEOUT; ; await setTimeout(50)) {
    const [row] = await query<{ readonly left: number | string }>(url, openResourcesQuery);
    const left = Number(row?.left);
    if (left === 0 || Date.now() > deadline) return left;
  }
};

/** Reads the store through its port, and the open resources of the server after all workers have stopped. */
export const readFinalState = async (kind: ServerKind, url: string, pools: readonly string[]): Promise<FinalState> => {
  const repository = await kind.open(url, { isUnsafe: true });
  try {
    const { campaigns, publications } = createEngine({ repository });
    const summaries = await Promise.all(pools.map(async (pool) => [pool, await campaigns.summary(pool)] as const));
    const successes = await publications.count({ result: "SUCCESS" });
    await repository.close();
    return {
      successes,
      pools: Object.fromEntries(summaries.map(([pool, { total, published }]) => [pool, { total, published }])),
      openResources: await countOpenResources(kind, url),
    };
  } catch (thrown) {
    await repository.close();
    throw thrown;
  }
};
