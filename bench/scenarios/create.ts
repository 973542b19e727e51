import { randomBytes } from "node:crypto";
import { and } from "oncecode";
import { randomRank } from "../baselines/draws.ts";
import type { Comparison, Measurement } from "../comparison.ts";
import { noExtraPoints } from "../comparison.ts";
import { trackMemory } from "../memory-tracker.ts";
import type { PointDefinition } from "../participants.ts";
import type { SqlClient } from "../sql-clients.ts";
import type { OpenStore, Store } from "../stores.ts";
import { CAMPAIGN, engineOn, VOUCHER } from "../subjects/oncecode.ts";
import { powerOfTen } from "./scale-pool-size.ts";

const BY_HAND = "a plain bulk insert of the same rows";
/** The rows of one plain insert. SQLite allows some 32,000 values in a statement, other databases twice as many. */
const CHUNK = 500;

const pointOf = (store: Store, subject: string, label: string, unit: "seconds" | "bytes"): PointDefinition => ({
  scenario: "create",
  store: store.name,
  subject,
  label,
  unit,
  at: null,
});

const measureSeconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

type VoucherRow = Readonly<Record<string, string | number | null>>;

/**
 * Plain inserts into the same table, with all its indexes. The rows are copies with new ids, codes and ranks, in the same
 * order as ours. The time for making the copies does not count.
 */
const insertInBulk = async (sqlClient: SqlClient, count: number): Promise<number> => {
  const table = sqlClient.table("vouchers");
  const templates = await sqlClient.rows(`select * from ${table} limit ${CHUNK}`);
  const columns = Object.keys(templates[0] ?? {});
  const names = columns.map((name) => (name === "rank" ? sqlClient.rankColumn : name));
  const placeholders = (row: number): string =>
    columns.map((_, i) => sqlClient.placeholder(row * columns.length + i)).join();
  const copyOf = (row: VoucherRow, n: number): VoucherRow => ({
    ...row,
    id: `v_${String(n).padStart(8, "0")}${String(row.id).slice(10)}`,
    code: randomBytes(7).toString("base64url"),
    rank: randomRank(),
  });
  const values = Array.from({ length: templates.length }, (_, row) => `(${placeholders(row)})`).join();
  let elapsed = 0;
  for (let n = 0; n < count / templates.length; n++) {
    const rows = templates.flatMap((row) => Object.values(copyOf(row, n)));
    elapsed += await measureSeconds(() =>
      sqlClient.insert(`insert into ${table} (${names.join()}) values ${values}`, rows),
    );
  }
  return elapsed;
};

function* codes(count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `CODE-${i}`;
}

/** Opens a new store for each round, because existing rows slow down later inserts. */
const withNewStore = async <T>(store: Store, work: (openStore: OpenStore) => Promise<T>): Promise<T> => {
  const openStore = await store.open();
  try {
    return await work(openStore);
  } finally {
    await openStore.close();
  }
};

/** Creation of many vouchers: by the engine, by an import, and by plain inserts. */
export const bulkCreation = (store: Store): Comparison => ({
  scenario: "create",
  store: store.name,
  label: "vouchers in bulk",
  skipReason: store.skipReason,
  rounds: 1,
  prepare: async ({ vouchersToCreate }) => {
    const createPoint = pointOf(store, "oncecode", `create ${powerOfTen(vouchersToCreate)} vouchers`, "seconds");
    const importPoint = pointOf(store, "oncecode", `import ${powerOfTen(vouchersToCreate)} vouchers`, "seconds");
    const baselinePoint = pointOf(store, BY_HAND, `create ${powerOfTen(vouchersToCreate)} vouchers`, "seconds");
    const tenthMemoryPoint = pointOf(
      store,
      "oncecode",
      `memory used, a tenth of ${powerOfTen(vouchersToCreate)}`,
      "bytes",
    );
    const fullMemoryPoint = pointOf(store, "oncecode", `memory used, ${powerOfTen(vouchersToCreate)}`, "bytes");
    const createVouchers = ({ repository }: OpenStore, vouchersCount: number): Promise<unknown> =>
      engineOn(repository).campaigns.create({ name: CAMPAIGN, vouchersCount, voucher: VOUCHER });
    const expectAll = async ({ repository }: OpenStore, all: number): Promise<void> => {
      const [stored] = await repository.count([{ kind: "vouchers", filter: and() }]);
      if (stored !== all) throw new Error(`There should be ${all} vouchers, and there are ${stored}`);
    };

    const createMeasurement: Measurement = {
      points: [createPoint, tenthMemoryPoint, fullMemoryPoint],
      run: () =>
        withNewStore(store, async (openStore) => {
          const memory = trackMemory();
          try {
            await withNewStore(store, (other) => createVouchers(other, vouchersToCreate / 10));
            const tenthPeak = memory.peak();
            const elapsed = await measureSeconds(() => createVouchers(openStore, vouchersToCreate));
            const fullPeak = memory.peak();
            await expectAll(openStore, vouchersToCreate);
            return [elapsed, tenthPeak, fullPeak];
          } finally {
            memory.end();
          }
        }),
    };
    const importMeasurement: Measurement = {
      points: [importPoint],
      run: () =>
        withNewStore(store, async (openStore) => {
          const engine = engineOn(openStore.repository);
          await engine.campaigns.create({ name: CAMPAIGN, voucher: VOUCHER });
          const elapsed = await measureSeconds(() =>
            engine.campaigns.importVouchers(CAMPAIGN, codes(vouchersToCreate)),
          );
          await expectAll(openStore, vouchersToCreate);
          return [elapsed];
        }),
    };
    const insertMeasurement: Measurement = {
      points: [baselinePoint],
      run: () =>
        withNewStore(store, async (openStore) => {
          if (openStore.sqlClient === null) throw new Error("There are no tables to insert into");
          await createVouchers(openStore, CHUNK);
          const elapsed = await insertInBulk(openStore.sqlClient, vouchersToCreate);
          await expectAll(openStore, CHUNK + vouchersToCreate);
          return [elapsed];
        }),
    };
    const hasTables = await withNewStore(store, async ({ sqlClient }) => sqlClient !== null);
    return {
      measurements: hasTables
        ? [createMeasurement, importMeasurement, insertMeasurement]
        : [createMeasurement, importMeasurement],
      ratioDefinitions: [
        ...(hasTables
          ? [
              {
                name: `${store.name}: create ${powerOfTen(vouchersToCreate)} vouchers, oncecode to ${BY_HAND}`,
                dividend: createPoint,
                divisor: baselinePoint,
                better: "less" as const,
                aim: { atMost: 2 },
              },
            ]
          : []),
        ...(hasTables
          ? [
              {
                name: `${store.name}: memory used to create ${powerOfTen(vouchersToCreate)} vouchers, to a tenth of them`,
                dividend: fullMemoryPoint,
                divisor: tenthMemoryPoint,
                better: "less" as const,
                aim: { atMost: 1.5 },
              },
            ]
          : []),
      ],
      check: noExtraPoints,
      close: async () => undefined,
    };
  },
});
