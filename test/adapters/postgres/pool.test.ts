import fc from "fast-check";
import { createEngine, type Engine, type Repository } from "oncecode";
import { campaign, campaignSelection, creation, customer, draft, key, LATER, vouchersOf } from "oncecode/conformance";
import { postgresRepository } from "oncecode/postgres";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { createCampaignWithCodes, DISCOUNT, NOW } from "../../support/fixture.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";

const databases = postgresDatabases();
const { pool } = databases;
let repository: Repository;
let schema: string;

beforeEach(async () => {
  ({ repository, schema } = await databases.open());
});

const rows = async (text: string): Promise<readonly Record<string, unknown>[]> =>
  (await pool.query(text.replaceAll("oncecode_", `${schema}.oncecode_`))).rows;

const ENTRY = "id, campaign_id, rank, expiration_date, revision";
/** The rows of the pool table, and the rows that it should have according to the vouchers. */
const storedAndExpectedPool = async () => ({
  stored: await rows(`select ${ENTRY} from oncecode_pool order by id`),
  expected: await rows(`select ${ENTRY} from oncecode_vouchers
    where campaign_id is not null and publication_id is null and active = 1 order by id`),
});

/** Vouchers whose holder differs from the holder in their claim. */
const vouchersWithWrongHolder = () =>
  rows(`select v.id from oncecode_vouchers as v left join oncecode_claims as c on c.voucher_id = v.id
    where v.holder_id is distinct from c.holder_id`);

const HOUR = 3_600_000;
const DATES = [null, "2026-03-02T09:00:00.000Z", "2026-03-02T12:00:00.000Z", "2027-01-01T00:00:00.000Z"];

type Step = (engine: Engine, codes: readonly string[], pass: (hours: number) => void) => Promise<unknown>;

const name = fc.constantFrom("spring", "auto");
const index = fc.nat(1000);
const date = fc.constantFrom(...DATES);
const at = (codes: readonly string[], i: number): string => codes[i % codes.length] ?? "";

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(name, fc.integer({ min: 1, max: 6 })).map(
    ([name, count]): Step =>
      ({ publications }) =>
        publications.create({ campaign: { name, count }, customer: `c-${count}` }),
  ),
  index.map(
    (i): Step =>
      ({ publications }, codes) =>
        publications.create({ voucher: at(codes, i), customer: "c-1" }),
  ),
  index.map(
    (i): Step =>
      ({ vouchers }, codes) =>
        vouchers.disable(at(codes, i)),
  ),
  index.map(
    (i): Step =>
      ({ vouchers }, codes) =>
        vouchers.enable(at(codes, i)),
  ),
  fc.tuple(index, date).map(
    ([i, expirationDate]): Step =>
      ({ vouchers }, codes) =>
        vouchers.update(at(codes, i), { expirationDate }),
  ),
  index.map(
    (i): Step =>
      ({ vouchers }, codes) =>
        vouchers.delete(at(codes, i)),
  ),
  fc.tuple(name, date).map(
    ([name, expirationDate]): Step =>
      ({ campaigns }) =>
        campaigns.update(name, { expirationDate }),
  ),
  fc.tuple(name, fc.integer({ min: 1, max: 4 })).map(
    ([name, count]): Step =>
      ({ campaigns }) =>
        campaigns.addVouchers(name, { count }),
  ),
  fc.boolean().map(
    (active): Step =>
      ({ vouchers }) =>
        vouchers.create({ campaign: "spring", active }),
  ),
  fc.constant<Step>(({ vouchers }) => vouchers.create(DISCOUNT)),
  fc.constantFrom(-2, 1, 6).map(
    (hours): Step =>
      async (_engine, _codes, pass) =>
        pass(hours),
  ),
  fc.constant<Step>(({ campaigns }) => campaigns.delete("spring")),
  fc.constant<Step>((engine) => createCampaignWithCodes(engine, "spring", [])),
);

describe("the pool", () => {
  it("always has exactly the unpublished and active vouchers of campaigns", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (turns) => {
        const database = await databases.open();
        ({ repository, schema } = database);
        let now = Date.parse(NOW);
        const engine = createEngine({ repository, clock: () => new Date(now), extendBy: 3 });
        await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E", "F"]);
        await createCampaignWithCodes(engine, "auto", ["G", "H"], { type: "AUTO_UPDATE" });
        for (const turn of turns) {
          const codes = (await engine.vouchers.list({ limit: 100 })).data.map(({ code }) => code);
          // Steps of a turn run at once, so that they conflict. This test ignores their results.
          await Promise.allSettled(turn.map((act) => act(engine, codes, (hours) => (now += hours * HOUR))));
          const { stored, expected } = await storedAndExpectedPool();
          expect(stored).toEqual(expected);
          expect(await vouchersWithWrongHolder()).toEqual([]);
        }
        databases.release(database);
      }),
      { numRuns: 25 },
    );
  });

  it("sets expired vouchers aside until they are changed", async () => {
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchersOf(owner, 3, { expirationDate: draft(campaignSelection(owner)).now }));
    expect(await repository.settle([draft(campaignSelection(owner))])).toEqual([{ type: "short" }]);
    expect(await rows("select set_aside from oncecode_pool")).toEqual(Array(3).fill({ set_aside: 1 }));
    await repository.put("campaigns", [{ record: { ...owner, expirationDate: LATER, revision: 2 }, replaces: 1 }]);
    expect(await rows("select set_aside from oncecode_pool")).toEqual(Array(3).fill({ set_aside: 0 }));
  });
});

describe("a publication", () => {
  it("writes no index of vouchers", async () => {
    const fresh = databases.newSchema();
    const repository = await postgresRepository({ pool, schema: fresh, ...ignoreUnsafeSettings });
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    // Drafts take every tenth voucher in order of insertion. So each page loses few rows and has room for their new versions.
    const rankAt = (i: number): number => (i % 10) / 10 + i / 10_000;
    await repository.add(vouchersOf(owner, 1000).map((voucher, i) => ({ ...voucher, rank: rankAt(i) })));
    const drafts = Array.from({ length: 100 }, (_, i) =>
      draft(campaignSelection(owner, { startRank: 0 }), { keys: [key(`${i}`)] }),
    );
    for (let i = 0; i < drafts.length; i += 20) await repository.settle(drafts.slice(i, i + 20));
    const changed = async (): Promise<{ readonly all: number; readonly hot: number }> => {
      const { rows } = await pool.query(
        `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_user_tables
          where schemaname = $1 and relname = 'oncecode_vouchers'`,
        [fresh],
      );
      return rows[0];
    };
    // Connections report their statistics with a delay.
    await expect.poll(changed, { timeout: 20_000 }).toEqual({ all: 100, hot: 100 });
  });

  it("publishes a voucher that was changed after the statement began, with the change", async () => {
    const owner = campaign();
    const [buyer, [voucher]] = [customer(), vouchersOf(owner, 1)];
    await repository.put("campaigns", [creation(owner)]);
    await repository.put("customers", [creation(buyer)]);
    await repository.add([voucher!]);

    // The settlement waits for the lock on the customer. Meanwhile the voucher is changed.
    const other = await pool.connect();
    onTestFinished(() => other.release());
    await other.query("begin");
    await other.query(`select from ${schema}.oncecode_customers for update`);
    const edited = { type: "write", write: { record: { ...buyer, name: "Ann", revision: 2 }, replaces: 1 } } as const;
    const settled = repository.settle([draft(campaignSelection(owner, { startRank: 0 }), { customer: edited })]);
    const { rows: self } = await other.query("select pg_backend_pid() as pid");
    const waiting = async () =>
      (await pool.query("select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))", [self[0].pid])).rows
        .length;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
    await repository.put("vouchers", [{ record: { ...voucher!, metadata: { a: 1 }, revision: 2 }, replaces: 1 }]);
    await other.query("rollback");

    const [settlement] = await settled;
    expect(settlement?.type).toBe("published");
    const [stored] = await repository.find("vouchers", [{ id: voucher!.id }]);
    expect(stored).toMatchObject({ revision: 3, metadata: { a: 1 }, holderId: buyer.id });
  });
});
