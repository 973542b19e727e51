import type {
  CampaignId,
  Code,
  CustomerId,
  Draft,
  DraftCustomer,
  FailedDraft,
  Instant,
  Key,
  PublicationId,
  PublicationRecord,
  SuccessfulPublication,
  VoucherId,
} from "oncecode";

/** A voucher that a draft may take, with the fields that a plan and a claim need. */
export interface Candidate {
  readonly id: VoucherId;
  readonly code: Code;
  readonly rank: number;
  readonly revision: number;
  readonly expirationDate: Instant | null;
}

/** A voucher that a draft names. */
export interface NamedVoucher extends Candidate {
  readonly active: boolean;
  readonly isPublished: boolean;
}

/**
 * A walk along the pool of a campaign, from `startRank` to the end and then from rank 0. All drafts of a call that draw
 * from the campaign share one walk, and take its vouchers in order.
 */
export interface Walk {
  readonly campaignId: CampaignId;
  readonly startRank: number;
  /** The largest number of vouchers to read. */
  readonly limit: number;
  /** The earliest of the drafts' instants. */
  readonly now: Instant;
  /** True: the walk skips expired vouchers. False: it returns them like all others. */
  readonly onlyUnexpired: boolean;
}

/** The records to load into a snapshot. */
export interface SnapshotRequest {
  readonly publications: readonly PublicationId[];
  readonly keys: readonly Key[];
  readonly customers: readonly CustomerId[];
  readonly sourceIds: readonly string[];
  readonly campaigns: readonly CampaignId[];
  readonly vouchers: readonly VoucherId[];
  readonly walks: readonly Walk[];
  /** The codes that may be taken. */
  readonly codes: readonly Code[];
}

/** The vouchers that a walk has found. */
export interface WalkResult {
  /** In the order of the walk. */
  readonly candidates: readonly Candidate[];
  /** Whether the walk has gone once around, so that the pool has no more vouchers. */
  readonly hasReachedEnd: boolean;
}

/** The stored records on which a call decides. They may change before the commit, so a claim checks them again. */
export interface Snapshot {
  readonly publications: ReadonlyMap<PublicationId, PublicationRecord>;
  readonly owners: ReadonlyMap<Key, SuccessfulPublication>;
  /** The customers' revisions. */
  readonly customers: ReadonlyMap<CustomerId, number>;
  readonly sourceIds: ReadonlyMap<string, CustomerId>;
  /** The campaigns' revisions. */
  readonly campaigns: ReadonlyMap<CampaignId, number>;
  readonly vouchers: ReadonlyMap<VoucherId, NamedVoucher>;
  readonly walks: ReadonlyMap<CampaignId, WalkResult>;
  readonly takenCodes: ReadonlySet<Code>;
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const customerId = (customer: DraftCustomer): CustomerId =>
  customer.type === "known" ? customer.id : customer.write.record.id;

const sourceIds = (customer: DraftCustomer): readonly string[] => {
  const sourceId = customer.type === "known" ? null : customer.write.record.sourceId;
  return sourceId === null ? [] : [sourceId];
};

const EMPTY_REQUEST: SnapshotRequest = {
  publications: [],
  keys: [],
  customers: [],
  sourceIds: [],
  campaigns: [],
  vouchers: [],
  walks: [],
  codes: [],
};

/** The request for drafts, each with its position in the call. */
export const requestForDrafts = (drafts: ReadonlyMap<number, Draft>): SnapshotRequest => {
  const all = [...drafts.values()];
  const selections = all.map(({ selection }) => selection);
  const campaignSelections = selections.filter((selection) => selection.type === "campaign");
  return {
    publications: all.map(({ publication }) => publication.id),
    keys: all.flatMap(({ keys }) => keys),
    customers: distinct(all.map(({ customer }) => customerId(customer))),
    sourceIds: distinct(all.flatMap(({ customer }) => sourceIds(customer))),
    campaigns: distinct(campaignSelections.map(({ campaignId }) => campaignId)),
    vouchers: selections.flatMap((selection) => (selection.type === "voucher" ? [selection.voucherId] : [])),
    walks: walksFor(all),
    codes: [],
  };
};

/** One walk per campaign, from the start rank of its first draft, with as many vouchers as all its drafts need. */
export const walksFor = (drafts: readonly Draft[]): readonly Walk[] => {
  const walks = new Map<CampaignId, Walk>();
  for (const draft of drafts) {
    const { selection, now } = draft;
    if (selection.type === "voucher") continue;
    const { campaignId, count, startRank } = selection;
    const walk = walks.get(campaignId) ?? { campaignId, startRank, limit: 0, now, onlyUnexpired: false };
    // A clock may go back between two drafts, so we take the earliest instant.
    const earliest = now < walk.now ? draft : walk;
    walks.set(campaignId, { ...walk, limit: walk.limit + count, now: earliest.now });
  }
  return [...walks.values()];
};

/** The walks that found too few vouchers for these drafts: now `factor` times as long, without expired vouchers. */
export const lengthenWalks = (
  walks: readonly Walk[],
  results: Snapshot["walks"],
  drafts: readonly Draft[],
  factor: number,
): readonly Walk[] => {
  const campaignIds = new Set(
    drafts.flatMap(({ selection }) => (selection.type === "campaign" ? [selection.campaignId] : [])),
  );
  return walks.flatMap((walk) => {
    const result = results.get(walk.campaignId);
    if (result === undefined || result.hasReachedEnd || !campaignIds.has(walk.campaignId)) return [];
    return [{ ...walk, limit: factor * result.candidates.length, onlyUnexpired: true }];
  });
};

/**
 * The request when the first snapshot shows too little. It loads the owners again: another call may have emptied the
 * pool in between, for the same request.
 */
export const requestMore = (
  drafts: readonly Draft[],
  walks: readonly Walk[],
  codes: readonly Code[],
): SnapshotRequest => ({
  ...EMPTY_REQUEST,
  publications: drafts.map(({ publication }) => publication.id),
  keys: drafts.flatMap(({ keys }) => keys),
  walks,
  codes: distinct(codes),
});

/** The request for failures. */
export const requestForFailures = (failures: readonly FailedDraft[]): SnapshotRequest => ({
  ...EMPTY_REQUEST,
  publications: failures.map(({ publication }) => publication.id),
  customers: distinct(failures.map(({ customer }) => customerId(customer))),
  sourceIds: distinct(failures.flatMap(({ customer }) => sourceIds(customer))),
});

/** The first snapshot, with the additions of the second. */
export const mergeSnapshots = (first: Snapshot, second: Snapshot): Snapshot => ({
  ...first,
  publications: new Map([...first.publications, ...second.publications]),
  owners: new Map([...first.owners, ...second.owners]),
  walks: new Map([...first.walks, ...second.walks]),
  takenCodes: new Set([...first.takenCodes, ...second.takenCodes]),
});
