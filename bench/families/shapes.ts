import type { Contender } from "../contenders/contender.ts";
import { oncecode, type Variant } from "../contenders/oncecode.ts";
import type { Comparison, Contest } from "../contest.ts";
import { customerAt, ordersOf, type Requests } from "../driving.ts";
import { checkAll, closeAll, entryOf, type Measured, openAll, type Racer } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;
const FAMILY = "publish";

/** One kind of publication. */
interface Shape {
  readonly what: string;
  readonly variant: Variant;
  /** Whether the pool is empty at the start. */
  readonly isEmpty?: boolean;
  /** Codes in each publication. */
  readonly count?: number;
  /** Whether each names its voucher. */
  readonly isNamed?: boolean;
  readonly hasKey?: boolean;
}

const PLAIN: Shape = { what: "one code, drawn, with a source id", variant: {} };
const EXTENDING: Shape = { what: "AUTO_UPDATE, from an empty pool", variant: { type: "AUTO_UPDATE" }, isEmpty: true };
const NAMED: Shape = { what: "a voucher that is named", variant: {}, isNamed: true };
const TEN: Shape = { what: "ten codes", variant: {}, count: 10 };
const SHAPES: readonly Shape[] = [
  PLAIN,
  { what: "without a source id", variant: {}, hasKey: false },
  { what: "joined once, all of them new customers", variant: { joinOnce: true } },
  EXTENDING,
  NAMED,
  TEN,
];

let newcomers = 0;

const requestsOf = async ({ count = 1, isNamed, hasKey = true, variant }: Shape, racer: Racer): Promise<Requests> => {
  const next = ordersOf(count, hasKey);
  if (variant.joinOnce === true) return () => ({ ...next(), customer: `newcomer-${newcomers++}` });
  if (isNamed !== true) return next;
  const codes = (await racer.opened.codes(racer.vouchers)).values();
  return () => {
    const { value } = codes.next();
    if (value === undefined) throw new Error("All vouchers that were there to be named are published");
    return { ...next(), customer: customerAt(value.length), code: value };
  };
};

const pointOf = (store: Store, contender: Contender, { what }: Shape): Measured => ({
  family: FAMILY,
  store: store.name,
  contender: contender.name,
  what: `64 callers: ${what}`,
  unit: "per second",
  at: null,
});

/** Other publications than one drawn code, beside the same by hand where there is a rival who can. */
export const byShape = (store: Store, rival: Contender | null): Contest => ({
  family: FAMILY,
  store: store.name,
  what: "shapes",
  missing: store.missing,
  open: async ({ vouchers, seconds, rounds }) => {
    const pool = Math.floor(vouchers / 2);
    const ours = SHAPES.map((shape) => ({ shape, contender: oncecode(store, shape.variant) }));
    const theirs = rival === null ? [] : [PLAIN, NAMED, TEN].map((shape) => ({ shape, contender: rival }));
    const all = [...ours, ...theirs];
    const racers = await openAll(
      all.map(({ contender, shape }) => ({
        contender,
        vouchers: shape.isEmpty === true ? 0 : pool,
        callersMax: CALLERS,
      })),
    );
    const entries = await Promise.all(
      racers.map(async (racer, i) => {
        const { shape = PLAIN } = all[i] ?? {};
        const most = Math.floor(pool / (shape.count ?? 1) / (rounds + 1)) - CALLERS;
        const [requests, point] = [await requestsOf(shape, racer), pointOf(store, racer.contender, shape)];
        return entryOf({ ...racer, point, requests, callers: CALLERS, seconds, most });
      }),
    );
    const [first] = ours;
    const of = (shape: Shape): Measured => pointOf(store, first?.contender ?? oncecode(store), shape);
    const extending: Comparison = {
      name: `${store.name}, 64 callers: what a publication costs, AUTO_UPDATE from an empty pool to STATIC from a full one`,
      of: of(PLAIN),
      to: of(EXTENDING),
      better: "less",
      aim: { atMost: 1.5 },
    };
    const beside = theirs.map(
      ({ shape, contender }): Comparison => ({
        name: `${store.name}, 64 callers, ${shape.what}: oncecode to ${contender.name}`,
        of: of(shape),
        to: pointOf(store, contender, shape),
        better: "more",
        aim: null,
      }),
    );
    return {
      entries,
      comparisons: [extending, ...beside],
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
