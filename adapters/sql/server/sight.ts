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
export interface Named extends Candidate {
  readonly active: boolean;
  readonly isPublished: boolean;
}

/**
 * A walk along the pool of a campaign, from `at` on and once around, for all drafts of a call that draw from it: they
 * take what it meets one after another.
 */
export interface Walk {
  readonly campaignId: CampaignId;
  readonly at: number;
  /** Vouchers to see at most. */
  readonly most: number;
  /** The earliest of the drafts' instants. */
  readonly now: Instant;
  /** Passes by those that have expired, where otherwise they are seen like all others. */
  readonly onlyLive: boolean;
}

/** What to look at. */
export interface Wanted {
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
export interface Seen {
  /** In the order of the walk. */
  readonly candidates: readonly Candidate[];
  /** Whether that is all there is. */
  readonly isAll: boolean;
}

/** What a call is decided on: what was stored a moment ago. It may be over by the time of the commit. */
export interface Sight {
  readonly publications: ReadonlyMap<PublicationId, PublicationRecord>;
  readonly owners: ReadonlyMap<Key, Success>;
  /** Their revisions. */
  readonly customers: ReadonlyMap<CustomerId, number>;
  readonly sourceIds: ReadonlyMap<string, CustomerId>;
  /** Their revisions. */
  readonly campaigns: ReadonlyMap<CampaignId, number>;
  readonly vouchers: ReadonlyMap<VoucherId, Named>;
  readonly walks: ReadonlyMap<CampaignId, Seen>;
  readonly takenCodes: ReadonlySet<Code>;
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const customerIds = (customer: DraftCustomer): CustomerId =>
  customer.type === "known" ? customer.id : customer.write.record.id;

const sourceIds = (customer: DraftCustomer): readonly string[] => {
  const sourceId = customer.type === "known" ? null : customer.write.record.sourceId;
  return sourceId === null ? [] : [sourceId];
};

const NOTHING: Wanted = {
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
export const wantedFor = (drafts: ReadonlyMap<number, Draft>): Wanted => {
  const all = [...drafts.values()];
  const takes = all.map(({ selection }) => selection);
  const drawn = takes.filter((take) => take.type === "campaign");
  return {
    publications: all.map(({ publication }) => publication.id),
    keys: all.flatMap(({ keys }) => keys),
    customers: distinct(all.map(({ customer }) => customerIds(customer))),
    sourceIds: distinct(all.flatMap(({ customer }) => sourceIds(customer))),
    campaigns: distinct(drawn.map(({ campaignId }) => campaignId)),
    vouchers: takes.flatMap((take) => (take.type === "voucher" ? [take.voucherId] : [])),
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
    const walk = walks.get(campaignId) ?? { campaignId, at: startRank, most: 0, now, onlyLive: false };
    // The clock may have gone back in between.
    const earliest = now < walk.now ? draft : walk;
    walks.set(campaignId, { ...walk, most: walk.most + count, now: earliest.now });
  }
  return [...walks.values()];
};

/** Those of the walks that did not show enough for some drafts: `further` times as long, and past what has expired. */
export const longer = (
  walks: readonly Walk[],
  seen: Sight["walks"],
  short: readonly Draft[],
  further: number,
): readonly Walk[] => {
  const wanted = new Set(
    short.flatMap(({ selection }) => (selection.type === "campaign" ? [selection.campaignId] : [])),
  );
  return walks.flatMap((walk) => {
    const before = seen.get(walk.campaignId);
    if (before === undefined || before.isAll || !wanted.has(walk.campaignId)) return [];
    return [{ ...walk, most: further * before.candidates.length, onlyLive: true }];
  });
};

/**
 * What to look at when the first look did not show enough. The owners once more: whoever has emptied the pool since may
 * have done so for the same request.
 */
export const wantedAlso = (drafts: readonly Draft[], walks: readonly Walk[], codes: readonly Code[]): Wanted => ({
  ...NOTHING,
  publications: drafts.map(({ publication }) => publication.id),
  keys: drafts.flatMap(({ keys }) => keys),
  walks,
  codes: distinct(codes),
});

/** What to look at for failures that are to be put on record. */
export const wantedForFailures = (failures: readonly FailedDraft[]): Wanted => ({
  ...NOTHING,
  publications: failures.map(({ publication }) => publication.id),
  customers: distinct(failures.map(({ customer }) => customerIds(customer))),
  sourceIds: distinct(failures.flatMap(({ customer }) => sourceIds(customer))),
});

/** The first look, and what a second one has shown besides. */
export const together = (first: Sight, second: Sight): Sight => ({
  ...first,
  publications: new Map([...first.publications, ...second.publications]),
  owners: new Map([...first.owners, ...second.owners]),
  walks: new Map([...first.walks, ...second.walks]),
  takenCodes: new Set([...first.takenCodes, ...second.takenCodes]),
});
