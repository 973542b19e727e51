import type { PublicationInput, PublicationRecord, Success } from "oncecode";
import { expect } from "vitest";
import { ONCE, STATIC } from "./requests.ts";
import type { History, RequestOutcome } from "./run.ts";

/** The invariants, each a judgement of a run. One that does not hold throws. */
export type InvariantCheck = (history: History) => void;

const isSuccess = (publication: PublicationRecord): publication is Success => publication.result === "SUCCESS";
const successes = ({ publications }: History): readonly Success[] => publications.filter(isSuccess);

const distinct = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

const customerOf = ({ customer }: PublicationInput): string =>
  typeof customer === "string" ? customer : (customer.sourceId ?? "");

const campaignOf = (request: PublicationInput): string | null => {
  if (!("campaign" in request)) return null;
  return typeof request.campaign === "string" ? request.campaign : request.campaign.name;
};

const countOf = (request: PublicationInput): number =>
  "campaign" in request && typeof request.campaign === "object" ? (request.campaign.count ?? 1) : 1;

/** Whether the request may be answered with another publication, which the customer got before. */
const isJoinOnce = (request: PublicationInput): boolean => request.joinOnce === true || campaignOf(request) === ONCE;

/** What makes two requests the same: all but the profile, which is merged. */
const requestKey = (request: PublicationInput): string => JSON.stringify({ ...request, customer: customerOf(request) });

const groupByName = <A>(all: readonly A[], nameOf: (one: A) => string | null): readonly (readonly A[])[] => {
  const groups = new Map<string, A[]>();
  for (const one of all) {
    const name = nameOf(one);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
};

const acknowledgedIds = (endings: readonly RequestOutcome[]): readonly string[] => [
  ...new Set(endings.flatMap(({ publication }) => (publication === null ? [] : [publication.id]))),
];

/** No voucher, and no code text, is in two successful publications. */
const unique: InvariantCheck = (history) => {
  const all = successes(history);
  expect(distinct(all.flatMap(({ voucherIds }) => voucherIds))).toBe(true);
  expect(distinct(all.flatMap(({ codes }) => codes))).toBe(true);
};

/** Every code is either available or in exactly one publication; nothing disappears, nothing is stranded. */
const conserved: InvariantCheck = (history) => {
  const { vouchers, stocked, plan } = history;
  const owners = new Map(successes(history).flatMap((p) => p.voucherIds.map((id, i) => [id, { p, code: p.codes[i] }])));
  const old = new Set(stocked.map(({ id }) => id));
  expect(stocked.every(({ id }) => vouchers.some((voucher) => voucher.id === id))).toBe(true);
  for (const { id, code, publicationId, holderId } of vouchers) {
    const owner = owners.get(id);
    const mine =
      owner === undefined ? null : { publicationId: owner.p.id, holderId: owner.p.customerId, code: owner.code };
    expect({ publicationId, holderId, code }).toEqual(mine ?? { publicationId: null, holderId: null, code });
    // What a dry pool made is given out at once, but for the spares.
    if (!old.has(id) && plan.extendBy === 0) expect(publicationId).not.toBeNull();
  }
  for (const id of owners.keys()) expect(vouchers.some((voucher) => voucher.id === id)).toBe(true);
};

/** A publication of n has exactly n distinct codes, or there is none. */
const whole: InvariantCheck = (history) => {
  for (const { codes, voucherIds, origin } of successes(history)) {
    const count = origin.type === "campaign" ? origin.count : 1;
    expect([codes.length, voucherIds.length, distinct(codes)]).toEqual([count, count, true]);
  }
  for (const { request, publication } of history.outcomes)
    if (publication !== null && !isJoinOnce(request)) expect(publication.codes).toHaveLength(countOf(request));
};

/** Same source id, same request: same publication. Another request with it is refused. */
const replayed: InvariantCheck = (history) => {
  for (const owners of groupByName(successes(history), ({ sourceId }) => sourceId)) expect(owners).toHaveLength(1);
  for (const endings of groupByName(history.outcomes, ({ request }) => request.sourceId ?? null)) {
    const refused = endings.filter(({ error }) => error?.code === "duplicate_source_id");
    if (groupByName(endings, ({ request }) => requestKey(request)).length > 1) continue;
    // A flag on the request alone says nothing about requests without it that are under way at the same time.
    if (endings.some(({ request }) => request.joinOnce === true)) continue;
    expect(acknowledgedIds(endings).length).toBeLessThanOrEqual(1);
    expect(refused).toEqual([]);
  }
  for (const { request, publication } of history.outcomes) {
    if (publication === null || isJoinOnce(request)) continue;
    const [got, asked] = [publication, request];
    expect([got.sourceId, got.customer.sourceId]).toEqual([asked.sourceId, customerOf(asked)]);
    if (campaignOf(asked) !== null) expect(got.campaign).toBe(campaignOf(asked));
  }
};

/** A customer who may join once has at most one publication of the campaign, however many ask at once. */
const once: InvariantCheck = (history) => {
  const joined = successes(history).filter(({ campaign }) => campaign === ONCE);
  for (const mine of groupByName(joined, ({ customerId }) => customerId)) expect(mine).toHaveLength(1);
  const asked = history.outcomes.filter(({ request }) => campaignOf(request) === ONCE);
  for (const mine of groupByName(asked, ({ request }) => customerOf(request)))
    expect(acknowledgedIds(mine).length).toBeLessThanOrEqual(1);
};

/** Nobody is told that there is no suitable voucher while there is one. The pools of a run only shrink. */
const empty: InvariantCheck = ({ outcomes, vouchers }) => {
  for (const { request, error } of outcomes) {
    const campaign = campaignOf(request);
    if (campaign === null || error?.code !== "no_voucher_suitable_for_publication") continue;
    expect([STATIC, ONCE]).toContain(campaign);
    const left = vouchers.filter((voucher) => voucher.campaign === campaign && voucher.publicationId === null);
    expect(left.length).toBeLessThan(countOf(request));
  }
};

/** A publication that is stored was acknowledged or reported as unknown, and one that was acknowledged is stored. */
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
