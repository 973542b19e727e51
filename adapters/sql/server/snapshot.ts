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
  Success,
  VoucherId,
} from "oncecode";

/** A voucher that a draft may take: as much of it as is needed to decide and to claim. */
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
 * A walk along the pool of a campaign, from `at` on and once around, for all drafts of a call that draw from it: they
 * take what it meets one after another.
 */
export interface Walk {
  readonly campaignId: CampaignId;
  readonly startRank: number;
  /** Vouchers to see at most. */
  readonly limit: number;
  /** The earliest of the drafts' instants. */
  readonly now: Instant;
  /** Passes by those that have expired, where otherwise they are seen like all others. */
  readonly onlyUnexpired: boolean;
}

/** What to look at. */
export interface SnapshotRequest {
  readonly publications: readonly PublicationId[];
  readonly keys: readonly Key[];
  readonly customers: readonly CustomerId[];
  readonly sourceIds: readonly string[];
  readonly campaigns: readonly CampaignId[];
  readonly vouchers: readonly VoucherId[];
  readonly walks: readonly Walk[];
  /** Which of these codes somebody has. */
  readonly codes: readonly Code[];
}

/** What a walk has seen. */
export interface WalkResult {
  /** In the order of the walk. */
  readonly candidates: readonly Candidate[];
  /** Whether that is all there is. */
  readonly hasReachedEnd: boolean;
}

/** What a call is decided on: what was stored a moment ago. It may be over by the time of the commit. */
export interface Snapshot {
  readonly publications: ReadonlyMap<PublicationId, PublicationRecord>;
  readonly owners: ReadonlyMap<Key, Success>;
  /** Their revisions. */
  readonly customers: ReadonlyMap<CustomerId, number>;
  readonly sourceIds: ReadonlyMap<string, CustomerId>;
  /** Their revisions. */
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

/** What to look at for drafts, each with its place in the call. */
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

/** A walk for each campaign that drafts take from, from where the first of them would, as long as they need together. */
export const walksFor = (drafts: readonly Draft[]): readonly Walk[] => {
  const walks = new Map<CampaignId, Walk>();
  for (const draft of drafts) {
    const { selection, now } = draft;
    if (selection.type === "voucher") continue;
    const { campaignId, count, startRank } = selection;
    const walk = walks.get(campaignId) ?? { campaignId, startRank, limit: 0, now, onlyUnexpired: false };
    // The clock may have gone back in between.
    const earliest = now < walk.now ? draft : walk;
    walks.set(campaignId, { ...walk, limit: walk.limit + count, now: earliest.now });
  }
  return [...walks.values()];
};

/** Those of the walks that did not show enough for some drafts: `further` times as long, and past what has expired. */
export const extendWalks = (
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
 * What to look at when the first look did not show enough. The owners once more: whoever has emptied the pool since may
 * have done so for the same request.
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

/** What to look at for failures that are to be put on record. */
export const requestForFailures = (failures: readonly FailedDraft[]): SnapshotRequest => ({
  ...EMPTY_REQUEST,
  publications: failures.map(({ publication }) => publication.id),
  customers: distinct(failures.map(({ customer }) => customerId(customer))),
  sourceIds: distinct(failures.flatMap(({ customer }) => sourceIds(customer))),
});

/** The first look, and what a second one has shown besides. */
export const mergeSnapshots = (first: Snapshot, second: Snapshot): Snapshot => ({
  ...first,
  publications: new Map([...first.publications, ...second.publications]),
  owners: new Map([...first.owners, ...second.owners]),
  walks: new Map([...first.walks, ...second.walks]),
  takenCodes: new Set([...first.takenCodes, ...second.takenCodes]),
});
