import type { Comparison, RatioDefinition } from "../comparison.ts";
import { customerAt, type NextRequest, newOrders } from "../load.ts";
import {
  checkAll,
  closeAll,
  openAll,
  type Participant,
  type PointDefinition,
  throughputMeasurement,
} from "../participants.ts";
import type { Store } from "../stores.ts";
import { type CampaignOptions, oncecode } from "../subjects/oncecode.ts";
import type { Subject } from "../subjects/subject.ts";

const CALLERS = 64;
const SCENARIO = "publish";

/** One kind of publication. */
interface Workload {
  readonly label: string;
  readonly campaignOptions: CampaignOptions;
  /** Whether the pool begins empty. */
  readonly isEmpty?: boolean;
  /** The number of codes in each publication. */
  readonly count?: number;
  /** Whether each publication names its voucher. */
  readonly namesVoucher?: boolean;
  readonly hasKey?: boolean;
}

const PLAIN: Workload = { label: "one code, drawn, with a source id", campaignOptions: {} };
const EXTENDING: Workload = {
  label: "AUTO_UPDATE, from an empty pool",
  campaignOptions: { type: "AUTO_UPDATE" },
  isEmpty: true,
};
const NAMED: Workload = { label: "a voucher that is named", campaignOptions: {}, namesVoucher: true };
const TEN: Workload = { label: "ten codes", campaignOptions: {}, count: 10 };
const WORKLOADS: readonly Workload[] = [
  PLAIN,
  { label: "without a source id", campaignOptions: {}, hasKey: false },
  { label: "joined once, all of them new customers", campaignOptions: { joinOnce: true } },
  EXTENDING,
  NAMED,
  TEN,
];

let newCustomerCount = 0;

const nextRequestOf = async (
  { count = 1, namesVoucher, hasKey = true, campaignOptions }: Workload,
  participant: Participant,
): Promise<NextRequest> => {
  const next = newOrders(count, hasKey);
  if (campaignOptions.joinOnce === true) return () => ({ ...next(), customer: `newcomer-${newCustomerCount++}` });
  if (namesVoucher !== true) return next;
  const codes = (await participant.target.codes(participant.vouchers)).values();
  return () => {
    const { value } = codes.next();
    if (value === undefined) throw new Error("All vouchers that were there to be named are published");
    return { ...next(), customer: customerAt(value.length), code: value };
  };
};

const pointOf = (store: Store, subject: Subject, { label }: Workload): PointDefinition => ({
  scenario: SCENARIO,
  store: store.name,
  subject: subject.name,
  label: `64 callers: ${label}`,
  unit: "per second",
  at: null,
});

/** Other publications than of one drawn code, compared with a baseline that can do the same. */
export const byWorkload = (store: Store, baseline: Subject | null): Comparison => ({
  scenario: SCENARIO,
  store: store.name,
  label: "kinds of publication",
  skipReason: store.skipReason,
  prepare: async ({ vouchers, seconds, rounds }) => {
    const pool = Math.floor(vouchers / 2);
    const oncecodeRuns = WORKLOADS.map((workload) => ({
      workload,
      subject: oncecode(store, workload.campaignOptions),
    }));
    const baselineRuns =
      baseline === null ? [] : [PLAIN, NAMED, TEN].map((workload) => ({ workload, subject: baseline }));
    const all = [...oncecodeRuns, ...baselineRuns];
    const participants = await openAll(
      all.map(({ subject, workload }) => ({
        subject,
        vouchers: workload.isEmpty === true ? 0 : pool,
        callersMax: CALLERS,
      })),
    );
    const measurements = await Promise.all(
      participants.map(async (participant, i) => {
        const { workload = PLAIN } = all[i] ?? {};
        const publicationsMax = Math.floor(pool / (workload.count ?? 1) / (rounds + 1)) - CALLERS;
        const [requests, point] = [
          await nextRequestOf(workload, participant),
          pointOf(store, participant.subject, workload),
        ];
        return throughputMeasurement({ ...participant, point, requests, callers: CALLERS, seconds, publicationsMax });
      }),
    );
    const [first] = oncecodeRuns;
    const oncecodePoint = (workload: Workload): PointDefinition =>
      pointOf(store, first?.subject ?? oncecode(store), workload);
    const extendingRatio: RatioDefinition = {
      name: `${store.name}, 64 callers: cost of a publication, AUTO_UPDATE from an empty pool to STATIC from a full one`,
      dividend: oncecodePoint(PLAIN),
      divisor: oncecodePoint(EXTENDING),
      better: "less",
      aim: { atMost: 1.5 },
    };
    const baselineRatios = baselineRuns.map(
      ({ workload, subject }): RatioDefinition => ({
        name: `${store.name}, 64 callers, ${workload.label}: oncecode to ${subject.name}`,
        dividend: oncecodePoint(workload),
        divisor: pointOf(store, subject, workload),
        better: "more",
        aim: null,
      }),
    );
    return {
      measurements,
      ratioDefinitions: [extendingRatio, ...baselineRatios],
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
