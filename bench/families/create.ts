import { randomBytes } from "node:crypto";
import { and } from "oncecode";
import { randomRank } from "../contenders/drawing.ts";
import { CAMPAIGN, engineOn, VOUCHER } from "../contenders/oncecode.ts";
import type { Contest, Entry } from "../contest.ts";
import { nothingCounted } from "../contest.ts";
import type { Measured } from "../racing.ts";
import type { Shell } from "../shells.ts";
import type { OpenedStore, Store } from "../stores.ts";
import { watchingMemory } from "./memory.ts";
import { short } from "./pools.ts";

const BY_HAND = "a plain bulk insert of the same rows";
/** Rows in one plain insert: a statement takes some 32,000 values on SQLite, and twice as many elsewhere. */
const CHUNK = 500;

const pointOf = (store: Store, contender: string, what: string, unit: "seconds" | "bytes"): Measured => ({
  family: "create",
  store: store.name,
  contender,
  what,
  unit,
  at: null,
});

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

type Row = Readonly<Record<string, string | number | null>>;

/**
 * The same rows under other ids, codes and ranks: in the order of time and at random, as ours are. Put into the same
 * table, with all its indexes, by whoever knows no better. The time that it takes to make them does not count.
 */
const insertPlainly = async (shell: Shell, count: number): Promise<number> => {
  const table = shell.table("vouchers");
  const models = await shell.rows(`select * from ${table} limit ${CHUNK}`);
  const columns = Object.keys(models[0] ?? {});
  const names = columns.map((name) => (name === "rank" ? shell.rank : name));
  const place = (row: number): string => columns.map((_, i) => shell.placeholder(row * columns.length + i)).join();
  const renamed = (row: Row, n: number): Row => ({
    ...row,
    id: `v_${String(n).padStart(8, "0")}${String(row.id).slice(10)}`,
    code: randomBytes(7).toString("base64url"),
    rank: randomRank(),
  });
  const values = Array.from({ length: models.length }, (_, row) => `(${place(row)})`).join();
  let took = 0;
  for (let n = 0; n < count / models.length; n++) {
    const rows = models.flatMap((row) => Object.values(renamed(row, n)));
    took += await seconds(() => shell.insert(`insert into ${table} (${names.join()}) values ${values}`, rows));
  }
  return took;
};

function* codes(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `CODE-${i}`;
}

/** A store that is opened anew for each round, since what was created slows down what comes after. */
const freshly = async <T>(store: Store, work: (opened: OpenedStore) => Promise<T>): Promise<T> => {
  const opened = await store.open();
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};

/** Many vouchers at once: made by the engine, imported, and inserted by hand. */
export const creating = (store: Store): Contest => ({
  family: "create",
  store: store.name,
  what: "vouchers in bulk",
  missing: store.missing,
  rounds: 1,
  open: async ({ created }) => {
    const made = pointOf(store, "oncecode", `create ${short(created)} vouchers`, "seconds");
    const imported = pointOf(store, "oncecode", `import ${short(created)} vouchers`, "seconds");
    const byHand = pointOf(store, BY_HAND, `create ${short(created)} vouchers`, "seconds");
    const tenth = pointOf(store, "oncecode", `memory taken meanwhile, a tenth of ${short(created)}`, "bytes");
    const whole = pointOf(store, "oncecode", `memory taken meanwhile, ${short(created)}`, "bytes");
    const create = ({ repository }: OpenedStore, vouchersCount: number): Promise<unknown> =>
      engineOn(repository).campaigns.create({ name: CAMPAIGN, vouchersCount, voucher: VOUCHER });
    const expectAll = async ({ repository }: OpenedStore, all: number): Promise<void> => {
      const [stored] = await repository.count([{ kind: "vouchers", filter: and() }]);
      if (stored !== all) throw new Error(`There should be ${all} vouchers, and there are ${stored}`);
    };

    const creation: Entry = {
      points: [made, tenth, whole],
      run: () =>
        freshly(store, async (opened) => {
          const memory = watchingMemory();
          try {
            await freshly(store, (other) => create(other, created / 10));
            const least = memory.peak();
            const took = await seconds(() => create(opened, created));
            const most = memory.peak();
            await expectAll(opened, created);
            return [took, least, most];
          } finally {
            memory.end();
          }
        }),
    };
    const importing: Entry = {
      points: [imported],
      run: () =>
        freshly(store, async (opened) => {
          const engine = engineOn(opened.repository);
          await engine.campaigns.create({ name: CAMPAIGN, voucher: VOUCHER });
          const took = await seconds(() => engine.campaigns.importVouchers(CAMPAIGN, codes(created)));
          await expectAll(opened, created);
          return [took];
        }),
    };
    const inserting: Entry = {
      points: [byHand],
      run: () =>
        freshly(store, async (opened) => {
          if (opened.shell === null) throw new Error("There are no tables to insert into");
          await create(opened, CHUNK);
          const took = await insertPlainly(opened.shell, created);
          await expectAll(opened, CHUNK + created);
          return [took];
        }),
    };
    const hasTables = await freshly(store, async ({ shell }) => shell !== null);
    return {
      entries: hasTables ? [creation, importing, inserting] : [creation, importing],
      comparisons: [
        ...(hasTables
          ? [
              {
                name: `${store.name}: create ${short(created)} vouchers, oncecode to ${BY_HAND}`,
                of: made,
                to: byHand,
                better: "less" as const,
                aim: { atMost: 2 },
              },
            ]
          : []),
        ...(hasTables
          ? [
              {
                name: `${store.name}: memory taken while ${short(created)} vouchers are created, to a tenth of them`,
                of: whole,
                to: tenth,
                better: "less" as const,
                aim: { atMost: 1.5 },
              },
            ]
          : []),
      ],
      check: nothingCounted,
      close: async () => undefined,
    };
  },
});
