import type { PublicationInput, PublicationRecord, SuccessfulPublication } from "oncecode";
import { expect } from "vitest";
import { ONCE, STATIC } from "./requests.ts";
import type { History, RequestOutcome } from "./run.ts";

/** Checks a run and throws if the invariant does not hold. */
export type InvariantCheck = (history: History) => void;

const isSuccess = (publication: PublicationRecord): publication is SuccessfulPublication =>
  publication.result === "SUCCESS";
const successes = ({ publications }: History): readonly SuccessfulPublication[] => publications.filter(isSuccess);

const distinct = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

const customerOf = ({ customer }: PublicationInput): string =>
  typeof customer === "string" ? customer : (customer.sourceId ?? "");

const campaignOf = (request: PublicationInput): string | null => {
  if (!("campaign" in request)) return null;
  return typeof request.campaign === "string" ? request.campaign : request.campaign.name;
};

const countOf = (request: PublicationInput): number =>
  "campaign" in request && typeof request.campaign === "object" ? (request.campaign.count ?? 1) : 1;

/** Whether an earlier publication of the customer may be the answer to the request. */
const isJoinOnce = (request: PublicationInput): boolean => request.joinOnce === true || campaignOf(request) === ONCE;

/** Equal for two requests that differ at most in the profile, because profiles are merged. */
const requestKey = (request: PublicationInput): string => JSON.stringify({ ...request, customer: customerOf(request) });

const groupByName = <A>(all: readonly A[], nameOf: (one: A) => string | null): readonly (readonly A[])[] => {
  const groups = new Map<string, A[]>();
  for (const one of all) {
    const name = nameOf(one);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
};

const acknowledgedIds = (outcomes: readonly RequestOutcome[]): readonly string[] => [
  ...new Set(outcomes.flatMap(({ publication }) => (publication === null ? [] : [publication.id]))),
];

/** No voucher and no code is in two successful publications. */
const unique: InvariantCheck = (history) => {
  const all = successes(history);
  expect(distinct(all.flatMap(({ voucherIds }) => voucherIds))).toBe(true);
  expect(distinct(all.flatMap(({ codes }) => codes))).toBe(true);
};

/** Every code is either available or in exactly one publication. No code disappears, and no new code stays unused. */
const conserved: InvariantCheck = (history) => {
  const { vouchers, vouchersBefore, plan } = history;
  const owners = new Map(successes(history).flatMap((p) => p.voucherIds.map((id, i) => [id, { p, code: p.codes[i] }])));
  const idsBefore = new Set(vouchersBefore.map(({ id }) => id));
  expect(vouchersBefore.every(({ id }) => vouchers.some((voucher) => voucher.id === id))).toBe(true);
  for (const { id, code, publicationId, holderId } of vouchers) {
    const owner = owners.get(id);
    const expected =
      owner === undefined ? null : { publicationId: owner.p.id, holderId: owner.p.customerId, code: owner.code };
    expect({ publicationId, holderId, code }).toEqual(expected ?? { publicationId: null, holderId: null, code });
    // Codes that were created for a shortfall are published at once. Without `extendBy` there are no spares.
    if (!idsBefore.has(id) && plan.extendBy === 0) expect(publicationId).not.toBeNull();
  }
  for (const id of owners.keys()) expect(vouchers.some((voucher) => voucher.id === id)).toBe(true);
};

/** A request for n codes leads to a publication of exactly n different codes, or to none. */
const whole: InvariantCheck = (history) => {
  for (const { codes, voucherIds, origin } of successes(history)) {
    const count = origin.type === "campaign" ? origin.count : 1;
    expect([codes.length, voucherIds.length, distinct(codes)]).toEqual([count, count, true]);
  }
  for (const { request, publication } of history.outcomes)
    if (publication !== null && !isJoinOnce(request)) expect(publication.codes).toHaveLength(countOf(request));
};

/** A repeated request with the same source id returns the same publication. Another request with that source id is refused. */
const replayed: InvariantCheck = (history) => {
  for (const owners of groupByName(successes(history), ({ sourceId }) => sourceId)) expect(owners).toHaveLength(1);
  for (const outcomes of groupByName(history.outcomes, ({ request }) => request.sourceId ?? null)) {
    const refused = outcomes.filter(({ error }) => error?.code === "duplicate_source_id");
    if (groupByName(outcomes, ({ request }) => requestKey(request)).length > 1) continue;
    // `joinOnce` of one request does not bind a request without it at the same time, so two publications are allowed.
    if (outcomes.some(({ request }) => request.joinOnce === true)) continue;
    expect(acknowledgedIds(outcomes).length).toBeLessThanOrEqual(1);
    expect(refused).toEqual([]);
  }
  for (const { request, publication } of history.outcomes) {
    if (publication === null || isJoinOnce(request)) continue;
    const { sourceId, customer, campaign } = publication;
    expect([sourceId, customer.sourceId]).toEqual([request.sourceId, customerOf(request)]);
    if (campaignOf(request) !== null) expect(campaign).toBe(campaignOf(request));
  }
};

/** Each customer has at most one publication of a campaign with `joinOnce`, even with many requests at once. */
const once: InvariantCheck = (history) => {
  const joined = successes(history).filter(({ campaign }) => campaign === ONCE);
  for (const ofCustomer of groupByName(joined, ({ customerId }) => customerId)) expect(ofCustomer).toHaveLength(1);
  const joinOutcomes = history.outcomes.filter(({ request }) => campaignOf(request) === ONCE);
  for (const ofCustomer of groupByName(joinOutcomes, ({ request }) => customerOf(request)))
    expect(acknowledgedIds(ofCustomer).length).toBeLessThanOrEqual(1);
};

/** No request fails for lack of vouchers while enough are available. The pools of a run never grow. */
const empty: InvariantCheck = ({ outcomes, vouchers }) => {
  for (const { request, error } of outcomes) {
    const campaign = campaignOf(request);
    if (campaign === null || error?.code !== "no_voucher_suitable_for_publication") continue;
    expect([STATIC, ONCE]).toContain(campaign);
    const left = vouchers.filter((voucher) => voucher.campaign === campaign && voucher.publicationId === null);
    expect(left.length).toBeLessThan(countOf(request));
  }
};

/** Every stored publication was acknowledged or reported as unknown, and every acknowledged one is stored. */
const noPhantom: InvariantCheck = (history) => {
  const stored = successes(history);
  const unknown = history.outcomes.flatMap(({ error }) =>
    error?.code === "outcome_unknown" && error.publicationId !== null ? [error.publicationId] : [],
  );
  const acknowledgedOrUnknown = new Set<string>([...acknowledgedIds(history.outcomes), ...unknown]);
  expect(stored.filter(({ id }) => !acknowledgedOrUnknown.has(id))).toEqual([]);
  for (const { publication } of history.outcomes)
    if (publication !== null) expect(stored.find(({ id }) => id === publication.id)?.codes).toEqual(publication.codes);
};

export type Invariant = "UNIQUE" | "CONSERVED" | "WHOLE" | "REPLAYED" | "ONCE" | "EMPTY" | "NO PHANTOM";
export const INVARIANTS: Readonly<Record<Invariant, InvariantCheck>> = {
  UNIQUE: unique,
  CONSERVED: conserved,
  WHOLE: whole,
  REPLAYED: replayed,
  ONCE: once,
  EMPTY: empty,
  "NO PHANTOM": noPhantom,
};
