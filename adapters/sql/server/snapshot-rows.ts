import type { CampaignId, Code, CustomerId, Instant, Key, SuccessfulPublication, VoucherId } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { PublicationRow } from "../schema.ts";
import { keyDigest } from "./claim-rows.ts";
import type { Candidate, NamedVoucher, Snapshot, Walk, WalkResult } from "./snapshot.ts";

/** The row of a candidate. */
export interface CandidateRow {
  readonly id: VoucherId;
  readonly code: Code;
  readonly rank: number;
  readonly revision: number;
  readonly expiration_date: Instant | null;
}

/** The rows of a snapshot, without its walks. */
export interface SnapshotRows {
  readonly publications: readonly PublicationRow[];
  /** Each row has the digest of the key that the publication owns. */
  readonly owners: readonly (PublicationRow & { readonly digest: string })[];
  readonly customers: readonly { readonly id: CustomerId; readonly revision: number }[];
  readonly sourceIds: readonly { readonly id: CustomerId; readonly source_id: string }[];
  readonly campaigns: readonly { readonly id: CampaignId; readonly revision: number }[];
  readonly vouchers: readonly (CandidateRow & { readonly active: number; readonly publication_id: string | null })[];
  readonly codes: readonly Code[];
}

const candidateOf = ({ id, code, rank, revision, expiration_date }: CandidateRow): Candidate => ({
  id,
  code,
  rank,
  revision,
  expirationDate: expiration_date,
});

/** The result of a walk from its rows, which have no order. `limit` is the number of rows that the query asked for. */
export const walkResult = ({ startRank }: Walk, rows: readonly CandidateRow[], limit: number): WalkResult => {
  const walkPosition = ({ rank }: Candidate): number => (rank >= startRank ? rank : rank + 1);
  const candidates = rows.map(candidateOf).sort((a, b) => walkPosition(a) - walkPosition(b));
  return { candidates: candidates.slice(0, limit), hasReachedEnd: rows.length < limit };
};

const ownersOf = (rows: SnapshotRows["owners"], keys: readonly Key[]): ReadonlyMap<Key, SuccessfulPublication> => {
  const keysByDigest = new Map(keys.map((key) => [keyDigest(key), key]));
  return new Map(
    rows.flatMap(({ digest, ...row }): [Key, SuccessfulPublication][] => {
      const [key, record] = [keysByDigest.get(digest), ROW_MAPPINGS.publications.toRecord(row)];
      return key === undefined || record.result !== "SUCCESS" ? [] : [[key, record]];
    }),
  );
};

export const snapshotFrom = (rows: SnapshotRows, keys: readonly Key[], walks: Snapshot["walks"]): Snapshot => ({
  publications: new Map(rows.publications.map(ROW_MAPPINGS.publications.toRecord).map((record) => [record.id, record])),
  owners: ownersOf(rows.owners, keys),
  customers: new Map(rows.customers.map(({ id, revision }) => [id, revision])),
  sourceIds: new Map(rows.sourceIds.map(({ id, source_id }) => [source_id, id])),
  campaigns: new Map(rows.campaigns.map(({ id, revision }) => [id, revision])),
  vouchers: new Map(
    rows.vouchers.map((row): [VoucherId, NamedVoucher] => [
      row.id,
      { ...candidateOf(row), active: row.active === 1, isPublished: row.publication_id !== null },
    ]),
  ),
  walks,
  takenCodes: new Set(rows.codes),
});
