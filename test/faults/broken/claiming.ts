import { randomInt } from "node:crypto";
import type { Draft, Settlement } from "oncecode";
import { MAPPINGS } from "../../../adapters/sql/rows.ts";
import type { VoucherRow } from "../../../adapters/sql/schema.ts";
import type { OpenRepository } from "../kind.ts";
import type { BugName } from "./index.ts";

/** A connection as drivers have it. A `?` stands for each value. */
interface Connection {
  rows<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Broken ones are not used again. */
  release(isBroken: boolean): void;
}

export interface Source {
  connect(): Promise<Connection>;
  /** Whether another row has that name. */
  isTaken(thrown: unknown): boolean;
  /** What else is so of a voucher in the pool, where an index asks for it. */
  readonly inPool: string;
  /** What else a claim's row has. */
  claimedFor(customerId: string): object;
  /** A repository for all but claims. */
  open(): Promise<OpenRepository>;
  close(): Promise<void>;
}

interface Wanted {
  readonly free: string;
  readonly campaignId: string;
  readonly count: number;
  readonly publicationId: string;
}
/** Takes vouchers of a campaign, in a transaction that is open. */
type Taking = (connection: Connection, wanted: Wanted) => Promise<readonly VoucherRow[]>;
type Committing = (connection: Connection, source: Source) => Promise<unknown>;

const freeIn = ({ inPool }: Source): string =>
  `from oncecode_vouchers where campaign_id = ? and publication_id is null and active = 1 ${inPool}`;
/** Where to start in the pool: at one of a few places, so that many meet, and not all. */
const anywhere = (): number => randomInt(4) / 4;
const TAKE = "update oncecode_vouchers set publication_id = ?, revision = revision + 1 where";
const marks = (values: readonly unknown[]): string => values.map(() => "?").join();

const takenFor = (connection: Connection, { publicationId }: Wanted): Promise<readonly VoucherRow[]> =>
  connection.rows("select * from oncecode_vouchers where publication_id = ?", [publicationId]);

/** Looks for some that are free, and takes those that still are. */
const lookAndTake = async (connection: Connection, wanted: Wanted, lock: string): Promise<readonly VoucherRow[]> => {
  const { free, campaignId, count, publicationId } = wanted;
  const seen = await connection.rows<VoucherRow>(`select * ${free} order by rank limit ${count} ${lock}`, [campaignId]);
  const ids = seen.map(({ id }) => id);
  if (ids.length > 0)
    await connection.rows(`${TAKE} id in (${marks(ids)}) and publication_id is null`, [publicationId, ...ids]);
  return seen;
};

const rightly: Taking = (connection, wanted) => lookAndTake(connection, wanted, "for update skip locked");

const TAKINGS: Readonly<Record<Exclude<BugName, "commit again">, Taking>> = {
  "no outer condition": async (connection, wanted) => {
    const { free, campaignId, count, publicationId } = wanted;
    const some = `select id ${free} and rank >= ${anywhere()} order by rank limit ${count}`;
    await connection.rows(`${TAKE} id in (select id from (${some}) as free)`, [publicationId, campaignId]);
    return takenFor(connection, wanted);
  },
  "lock only": (connection, { campaignId, count }) =>
    connection.rows(
      `select * from oncecode_vouchers as v where campaign_id = ?
        and not exists (select 1 from oncecode_claims as c where c.voucher_id = v.id)
        order by rank limit ${count} for update skip locked`,
      [campaignId],
    ),
  "row count ignored": (connection, wanted) => lookAndTake(connection, wanted, ""),
  // Both stretches of a walk around the pool, each as long as all that is wanted.
  "too many": async (connection, wanted) => {
    const { free, campaignId, count, publicationId } = wanted;
    const at = (1 + randomInt(1000)) / 1001;
    const stretch = (side: string): string => `(select id ${free} and rank ${side} ${at} order by rank limit ${count})`;
    await connection.rows(
      `${TAKE} publication_id is null
        and id in (select id from (${stretch(">=")} union all ${stretch("<")}) as free)`,
      [publicationId, campaignId, campaignId],
    );
    return (await takenFor(connection, wanted)).slice(0, count);
  },
};

const commit: Committing = (connection) => connection.rows("commit");

const commitAgain: Committing = (connection, source) =>
  connection.rows("commit").catch(async () => {
    const another = await source.connect();
    await another.rows("commit").finally(() => another.release(false));
  });

const insert = (connection: Connection, table: string, row: object): Promise<unknown> => {
  const values = Object.values(row);
  return connection.rows(`insert into ${table} (${Object.keys(row).join()}) values (${marks(values)})`, values);
};

const settleOne = async (
  source: Source,
  { publication: draft, customer, selection }: Draft,
  taking: Taking,
  committing: Committing,
): Promise<Settlement> => {
  if (selection.type !== "campaign") throw new Error("Only campaigns are published from here");
  const connection = await source.connect();
  let isBroken = true;
  try {
    await connection.rows("begin");
    const [found] = await connection.rows<Parameters<typeof MAPPINGS.publications.toRecord>[0]>(
      "select * from oncecode_publications where id = ?",
      [draft.id],
    );
    const owner = found === undefined ? null : MAPPINGS.publications.toRecord(found);
    const wanted = {
      free: freeIn(source),
      campaignId: selection.campaignId,
      count: selection.count,
      publicationId: draft.id,
    };
    const rows = owner === null ? await taking(connection, wanted) : [];
    if (rows.length < selection.count) {
      await connection.rows("rollback");
      isBroken = false;
      return owner?.result === "SUCCESS" ? { type: "owned", publication: owner } : { type: "short" };
    }
    const vouchers = rows.map(MAPPINGS.vouchers.toRecord);
    const publication = { ...draft, codes: vouchers.map(({ code }) => code), voucherIds: vouchers.map(({ id }) => id) };
    if (customer.type === "write")
      await insert(connection, "oncecode_customers", MAPPINGS.customers.toRow(customer.write.record));
    await insert(connection, "oncecode_publications", MAPPINGS.publications.toRow(publication));
    for (const { id, code } of vouchers)
      await insert(connection, "oncecode_claims", {
        ...{ voucher_id: id, code, publication_id: draft.id },
        ...source.claimedFor(draft.customerId),
      });
    await committing(connection, source);
    isBroken = false;
    return { type: "published", publication, vouchers };
  } catch (thrown) {
    // Another process made the same customer.
    if (source.isTaken(thrown)) return { type: "stale" };
    throw thrown;
  } finally {
    connection.release(isBroken);
  }
};

/** A repository that claims in its own way. */
const claimingBy = async (source: Source, taking: Taking, committing: Committing): Promise<OpenRepository> => {
  const repository = await source.open();
  return {
    ...repository,
    batchMax: 1,
    lanes: 16,
    settle: (drafts) => Promise.all(drafts.map((draft) => settleOne(source, draft, taking, committing))),
    close: async () => {
      await repository.close();
      await source.close();
    },
  };
};

export const openBroken = (bug: BugName, source: Source): Promise<OpenRepository> =>
  bug === "commit again" ? claimingBy(source, rightly, commitAgain) : claimingBy(source, TAKINGS[bug], commit);
