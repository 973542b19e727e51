import { randomInt } from "node:crypto";
import type { Draft, Settlement } from "oncecode";
import { ROW_MAPPINGS } from "../../../adapters/sql/row-mappings.ts";
import type { VoucherRow } from "../../../adapters/sql/schema.ts";
import type { OpenRepository } from "../server-kind.ts";
import type { BugName } from "./index.ts";

/** A connection of a driver. In statements, `?` is the placeholder of a value. */
interface Connection {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** A broken connection is not used again. */
  release(isBroken: boolean): void;
}

export interface ConnectionSource {
  connect(): Promise<Connection>;
  /** Whether the error says that another row has the name. */
  isUniqueViolation(thrown: unknown): boolean;
  /** An additional condition for vouchers in the pool, so that the index is used. */
  readonly poolCondition: string;
  /** Additional columns of a claim. */
  extraClaimColumns(customerId: string): object;
  /** A repository for everything except claims. */
  open(): Promise<OpenRepository>;
  close(): Promise<void>;
}

interface ClaimRequest {
  readonly availableVouchers: string;
  readonly campaignId: string;
  readonly count: number;
  readonly publicationId: string;
}
/** Claims vouchers of a campaign inside an open transaction. */
type ClaimVouchers = (connection: Connection, request: ClaimRequest) => Promise<readonly VoucherRow[]>;
type CommitClaim = (connection: Connection, source: ConnectionSource) => Promise<unknown>;

const availableVouchersIn = ({ poolCondition }: ConnectionSource): string =>
  `from oncecode_vouchers where campaign_id = ? and publication_id is null and active = 1 ${poolCondition}`;
/** One of four start ranks, so that many draws meet, and not all of them. */
const randomRank = (): number => randomInt(4) / 4;
const CLAIM_UPDATE = "update oncecode_vouchers set publication_id = ?, revision = revision + 1 where";
const placeholders = (values: readonly unknown[]): string => values.map(() => "?").join();

const claimedRows = (connection: Connection, { publicationId }: ClaimRequest): Promise<readonly VoucherRow[]> =>
  connection.query("select * from oncecode_vouchers where publication_id = ?", [publicationId]);

/** Selects free vouchers, and claims those that are still free. */
const selectThenClaim = async (
  connection: Connection,
  request: ClaimRequest,
  lock: string,
): Promise<readonly VoucherRow[]> => {
  const { availableVouchers, campaignId, count, publicationId } = request;
  const rows = await connection.query<VoucherRow>(
    `select * ${availableVouchers} order by rank limit ${count} ${lock}`,
    [campaignId],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0)
    await connection.query(`${CLAIM_UPDATE} id in (${placeholders(ids)}) and publication_id is null`, [
      publicationId,
      ...ids,
    ]);
  return rows;
};

const correctClaim: ClaimVouchers = (connection, request) =>
  selectThenClaim(connection, request, "for update skip locked");

const BROKEN_CLAIMS: Readonly<Record<Exclude<BugName, "commit again">, ClaimVouchers>> = {
  "no outer condition": async (connection, request) => {
    const { availableVouchers, campaignId, count, publicationId } = request;
    const freeVouchers = `select id ${availableVouchers} and rank >= ${randomRank()} order by rank limit ${count}`;
    await connection.query(`${CLAIM_UPDATE} id in (select id from (${freeVouchers}) as free)`, [
      publicationId,
      campaignId,
    ]);
    return claimedRows(connection, request);
  },
  "lock only": (connection, { campaignId, count }) =>
    connection.query(
      `select * from oncecode_vouchers as v where campaign_id = ?
        and not exists (select 1 from oncecode_claims as c where c.voucher_id = v.id)
        order by rank limit ${count} for update skip locked`,
      [campaignId],
    ),
  "row count ignored": (connection, request) => selectThenClaim(connection, request, ""),
  // Both parts of the walk have the limit of the whole draft.
  "too many": async (connection, request) => {
    const { availableVouchers, campaignId, count, publicationId } = request;
    const at = (1 + randomInt(1000)) / 1001;
    const stretch = (side: string): string =>
      `(select id ${availableVouchers} and rank ${side} ${at} order by rank limit ${count})`;
    await connection.query(
      `${CLAIM_UPDATE} publication_id is null
        and id in (select id from (${stretch(">=")} union all ${stretch("<")}) as free)`,
      [publicationId, campaignId, campaignId],
    );
    return (await claimedRows(connection, request)).slice(0, count);
  },
};

const commit: CommitClaim = (connection) => connection.query("commit");

const commitAgain: CommitClaim = (connection, source) =>
  connection.query("commit").catch(async () => {
    const otherConnection = await source.connect();
    await otherConnection.query("commit").finally(() => otherConnection.release(false));
  });

const insert = (connection: Connection, table: string, row: object): Promise<unknown> => {
  const values = Object.values(row);
  return connection.query(`insert into ${table} (${Object.keys(row).join()}) values (${placeholders(values)})`, values);
};

const settleOne = async (
  source: ConnectionSource,
  { publication: draft, customer, selection }: Draft,
  claimVouchers: ClaimVouchers,
  commitClaim: CommitClaim,
): Promise<Settlement> => {
  if (selection.type !== "campaign") throw new Error("A broken repository publishes only from a campaign");
  const connection = await source.connect();
  let isBroken = true;
  try {
    await connection.query("begin");
    const [row] = await connection.query<Parameters<typeof ROW_MAPPINGS.publications.toRecord>[0]>(
      "select * from oncecode_publications where id = ?",
      [draft.id],
    );
    const owner = row === undefined ? null : ROW_MAPPINGS.publications.toRecord(row);
    const claimRequest = {
      availableVouchers: availableVouchersIn(source),
      campaignId: selection.campaignId,
      count: selection.count,
      publicationId: draft.id,
    };
    const rows = owner === null ? await claimVouchers(connection, claimRequest) : [];
    if (rows.length < selection.count) {
      await connection.query("rollback");
      isBroken = false;
      return owner?.result === "SUCCESS" ? { type: "owned", publication: owner } : { type: "short" };
    }
    const vouchers = rows.map(ROW_MAPPINGS.vouchers.toRecord);
    const publication = { ...draft, codes: vouchers.map(({ code }) => code), voucherIds: vouchers.map(({ id }) => id) };
    if (customer.type === "write")
      await insert(connection, "oncecode_customers", ROW_MAPPINGS.customers.toRow(customer.write.record));
    await insert(connection, "oncecode_publications", ROW_MAPPINGS.publications.toRow(publication));
    for (const { id, code } of vouchers)
      await insert(connection, "oncecode_claims", {
        ...{ voucher_id: id, code, publication_id: draft.id },
        ...source.extraClaimColumns(draft.customerId),
      });
    await commitClaim(connection, source);
    isBroken = false;
    return { type: "published", publication, vouchers };
  } catch (thrown) {
    // Another process has created the same customer.
    if (source.isUniqueViolation(thrown)) return { type: "stale" };
    throw thrown;
  } finally {
    connection.release(isBroken);
  }
};

/** A repository with another claim. */
const repositoryWithClaim = async (
  source: ConnectionSource,
  claimVouchers: ClaimVouchers,
  commitClaim: CommitClaim,
): Promise<OpenRepository> => {
  const repository = await source.open();
  return {
    ...repository,
    batchMax: 1,
    lanes: 16,
    settle: (drafts) => Promise.all(drafts.map((draft) => settleOne(source, draft, claimVouchers, commitClaim))),
    close: async () => {
      await repository.close();
      await source.close();
    },
  };
};

export const openBroken = (bug: BugName, source: ConnectionSource): Promise<OpenRepository> =>
  bug === "commit again"
    ? repositoryWithClaim(source, correctClaim, commitAgain)
    : repositoryWithClaim(source, BROKEN_CLAIMS[bug], commit);
