import type {
  CampaignId,
  Code,
  Draft,
  DraftCustomer,
  FailedDraft,
  Instant,
  PublicationRecord,
  Settlement,
  Success,
  VoucherId,
  VoucherRecord,
} from "oncecode";
import type { Candidate, Named, Sight } from "./sight.ts";

/** What is to be written for one draft or failure: all of it, or nothing. */
export interface Claim {
  /** The draft's place in the call. */
  readonly n: number;
  readonly publication: PublicationRecord;
  readonly customer: DraftCustomer;
  readonly keys: Draft["keys"];
  /** Must still be at this revision. */
  readonly campaign: { readonly id: CampaignId; readonly revision: number } | null;
  readonly now: Instant;
  readonly expirationDate: Instant | null;
  /** Vouchers that are there: each must still be as it was seen. */
  readonly present: readonly Candidate[];
  /** Vouchers made for the shortfall, as they are once they are published. */
  readonly fresh: readonly VoucherRecord[];
  /** Vouchers made for the pool. */
  readonly spares: readonly VoucherRecord[];
  /** Whether it takes a voucher that somebody else may be about to take, and so has to wait for them. */
  readonly waits: boolean;
}

/**
 * What becomes of a draft or a failure.
 *
 * - `answer`: this. If it is `firm`, it does not lean on what the drafts before it take.
 * - `claim`: it is to be written.
 * - `later`: it depends on what a draft before it writes, so that has to be there first.
 * - `look`: more has to be seen, of the pool or of the codes.
 */
export type Decision<Answer> =
  | { readonly type: "answer"; readonly answer: Answer; readonly firm: boolean }
  | { readonly type: "claim"; readonly claim: Claim }
  | { readonly type: "later" }
  | { readonly type: "look"; readonly at: "pool" | "codes" };

type Take<T extends Draft["selection"]["type"]> = Extract<Draft["selection"], { readonly type: T }>;
type Settled = Decision<Settlement>;
type Taking = Pick<Claim, "campaign" | "present" | "fresh" | "spares" | "waits">;

const LATER: Decision<never> = { type: "later" };
const firmly = <Answer>(answer: Answer): Decision<Answer> => ({ type: "answer", answer, firm: true });
const leaning = (settlement: Settlement): Settled => ({ type: "answer", answer: settlement, firm: false });
const STALE: Settled = firmly({ type: "stale" });

type Unsuitable = Extract<Settlement, { readonly type: "unsuitable" }>;
const unsuitable = (why: Unsuitable["reason"]): Settlement => ({ type: "unsuitable", reason: why });

const isLive = ({ expirationDate }: Candidate, now: Instant): boolean =>
  expirationDate === null || expirationDate > now;

/** Whether a customer is as the draft was decided on. */
const isStale = (customer: DraftCustomer, { customers, sourceIds }: Sight): boolean => {
  if (customer.type === "known") return !customers.has(customer.id);
  const { record, replaces } = customer.write;
  if ((customers.get(record.id) ?? null) !== replaces) return true;
  const owner = record.sourceId === null ? undefined : sourceIds.get(record.sourceId);
  return owner !== undefined && owner !== record.id;
};

/** The publication that a draft would be a second one of. */
const ownerOf = ({ publication: { id }, keys }: Draft, { publications, owners }: Sight): Success | null => {
  const own = publications.get(id);
  if (own?.result === "SUCCESS") return own;
  for (const key of keys) {
    const owner = owners.get(key);
    if (owner !== undefined) return owner;
  }
  return null;
};

const published = ({ publication, now, expirationDate }: Draft, voucher: VoucherRecord): VoucherRecord => ({
  ...voucher,
  holderId: publication.customerId,
  publicationId: publication.id,
  expirationDate: expirationDate ?? voucher.expirationDate,
  updatedAt: now,
  revision: voucher.revision + 1,
});

/** The customers that those before in a call write. */
class WrittenCustomers {
  readonly #names: Set<string> = new Set();

  has(customer: DraftCustomer): boolean {
    return namesOf(customer).some((name) => this.#names.has(name));
  }

  add(customer: DraftCustomer): void {
    if (customer.type === "write") for (const name of namesOf(customer)) this.#names.add(name);
  }
}

/** No id is JSON text. */
const namesOf = (customer: DraftCustomer): readonly string[] => {
  if (customer.type === "known") return [customer.id];
  const { id, sourceId } = customer.write.record;
  return sourceId === null ? [id] : [id, JSON.stringify([sourceId])];
};

/** What the drafts that are put off may take. Those behind them come after them there. */
class PutOff {
  readonly #pools: Set<CampaignId> = new Set();
  readonly #vouchers: Set<VoucherId> = new Set();
  readonly #codes: Set<Code> = new Set();

  add(take: Draft["selection"]): void {
    if (take.type === "voucher") {
      this.#vouchers.add(take.voucherId);
      return;
    }
    this.#pools.add(take.campaignId);
    for (const { code } of take.fresh) this.#codes.add(code);
  }

  /** Whether they may want the same voucher, or code. Which pool one is in that is named is not known here. */
  has(take: Draft["selection"]): boolean {
    if (take.type === "voucher") return this.#vouchers.has(take.voucherId) || this.#pools.size > 0;
    const isWanted = this.#vouchers.size > 0 || this.#pools.has(take.campaignId);
    return isWanted || (this.#codes.size > 0 && take.fresh.some(({ code }) => this.#codes.has(code)));
  }
}

/** Decides the failures of one call, one after another, on what was seen. Writes nothing. */
export class FailureRound {
  readonly #sight: Sight;
  readonly #written: WrittenCustomers = new WrittenCustomers();

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  decide(n: number, { publication, customer }: FailedDraft): Decision<"recorded" | "stale"> {
    if (this.#sight.publications.has(publication.id)) return firmly("recorded");
    if (this.#written.has(customer)) return LATER;
    if (isStale(customer, this.#sight)) return firmly("stale");
    this.#written.add(customer);
    const nothing = { keys: [], campaign: null, present: [], fresh: [], spares: [], waits: false };
    const { createdAt: now } = publication;
    return { type: "claim", claim: { n, publication, customer, now, expirationDate: null, ...nothing } };
  }
}

/** Decides the drafts of one call, one after another, on what was seen. Writes nothing. */
export class Round {
  readonly #sight: Sight;
  /** Vouchers that others hold on to, to be taken only where nothing else is left. */
  readonly #busy: ReadonlySet<VoucherId>;
  /** The drafts whose offered codes were looked at. */
  readonly #checked: ReadonlySet<number>;

  // What the drafts before write, if nobody comes in between.
  readonly #taken: Set<VoucherId> = new Set();
  readonly #minted: Set<Code> = new Set();
  readonly #refilled: Set<CampaignId> = new Set();
  readonly #written: WrittenCustomers = new WrittenCustomers();
  readonly #putOff: PutOff = new PutOff();

  constructor(sight: Sight, busy: ReadonlySet<VoucherId>, checked: ReadonlySet<number>) {
    this.#sight = sight;
    this.#busy = busy;
    this.#checked = checked;
  }

  decide(n: number, draft: Draft): Settled {
    const decision = this.#decide(n, draft);
    if (decision.type === "later") {
      this.#putOff.add(draft.selection);
      this.#written.add(draft.customer);
    }
    return decision;
  }

  #decide(n: number, draft: Draft): Settled {
    const owner = ownerOf(draft, this.#sight);
    if (owner !== null) return firmly({ type: "owned", publication: owner });
    if (this.#written.has(draft.customer)) return LATER;
    if (isStale(draft.customer, this.#sight)) return STALE;
    if (this.#putOff.has(draft.selection)) return LATER;
    const taking =
      draft.selection.type === "voucher" ? this.#named(draft.selection, draft) : this.#drawn(n, draft.selection, draft);
    return "type" in taking ? taking : this.#claim(n, draft, taking);
  }

  #named({ voucherId }: Take<"voucher">, { now }: Draft): Taking | Settled {
    const voucher: Named | undefined = this.#sight.vouchers.get(voucherId);
    if (voucher === undefined) return firmly(unsuitable("gone"));
    if (voucher.isPublished) return firmly(unsuitable("published"));
    if (this.#taken.has(voucherId)) return leaning(unsuitable("published"));
    if (!voucher.active) return firmly(unsuitable("disabled"));
    if (!isLive(voucher, now)) return firmly(unsuitable("expired"));
    return { campaign: null, present: [voucher], fresh: [], spares: [], waits: this.#busy.has(voucherId) };
  }

  #drawn(n: number, take: Take<"campaign">, draft: Draft): Taking | Settled {
    const { campaignId, revision, count } = take;
    if (this.#sight.campaigns.get(campaignId) !== revision) return STALE;
    const { candidates, isAll } = this.#sight.walks.get(campaignId) ?? { candidates: [], isAll: true };
    const free = candidates.filter((voucher) => !this.#taken.has(voucher.id) && isLive(voucher, draft.now));
    const calm = free.filter(({ id }) => !this.#busy.has(id));
    const campaign = { id: campaignId, revision };
    const enough = { campaign, fresh: [], spares: [] };
    if (calm.length >= count) return { ...enough, present: calm.slice(0, count), waits: false };
    if (!isAll) return { type: "look", at: "pool" };
    if (free.length >= count) return { ...enough, present: free.slice(0, count), waits: true };
    const made = this.#made(n, take, count - free.length, draft);
    return "type" in made ? made : { campaign, present: free, ...made, waits: calm.length < free.length };
  }

  /** New vouchers for what the pool lacks. */
  #made(
    n: number,
    { campaignId, fresh, spares }: Take<"campaign">,
    shortfall: number,
    draft: Draft,
  ): Pick<Taking, "fresh" | "spares"> | Settled {
    if (this.#refilled.has(campaignId)) return LATER;
    if (fresh.length < shortfall) return leaning({ type: "short" });
    if (!this.#checked.has(n)) return { type: "look", at: "codes" };
    const free = this.#withFreeCodes(fresh, shortfall + spares);
    if (free.length < shortfall) return leaning({ type: "short" });
    return {
      fresh: free.slice(0, shortfall).map((voucher) => published(draft, voucher)),
      spares: free.slice(shortfall),
    };
  }

  #withFreeCodes(fresh: readonly VoucherRecord[], most: number): readonly VoucherRecord[] {
    const free = new Map<Code, VoucherRecord>();
    for (const voucher of fresh) {
      const { code } = voucher;
      if (free.size === most) break;
      const isTaken = free.has(code) || this.#minted.has(code) || this.#sight.takenCodes.has(code);
      if (!isTaken) free.set(code, voucher);
    }
    return [...free.values()];
  }

  #claim(n: number, draft: Draft, taking: Taking): Settled {
    const { present, fresh, spares, campaign } = taking;
    for (const { id } of present) this.#taken.add(id);
    for (const { code } of [...fresh, ...spares]) this.#minted.add(code);
    if (campaign !== null && spares.length > 0) this.#refilled.add(campaign.id);
    this.#written.add(draft.customer);
    const { keys, customer, now, expirationDate } = draft;
    const taken = [...present, ...fresh];
    const publication: Success = {
      ...draft.publication,
      codes: taken.map(({ code }) => code),
      voucherIds: taken.map(({ id }) => id),
    };
    return { type: "claim", claim: { n, publication, customer, keys, now, expirationDate, ...taking } };
  }
}
