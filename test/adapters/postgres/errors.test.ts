import { createEngine, unchanged } from "oncecode";
import { campaign, campaignSelection, creation, draft, vouchersOf } from "oncecode/conformance";
import { type PostgresClient, type PostgresPool, type PostgresStatement, postgresRepository } from "oncecode/postgres";
import { describe, expect, it } from "vitest";
import { classifyError } from "../../../adapters/sql/postgres/errors.ts";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { DISCOUNT } from "../../support/fixture.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";

const databases = postgresDatabases();

const databaseError = (code: string | null): Error =>
  Object.assign(new Error("made up"), code === null ? {} : { code });
const EVERYTHING = { type: "and", filters: [] } as const;

describe("an error is classified by its code", () => {
  it.each(["23505", "25006", "40001", "40P01", "53200", "53300", "55P03", "57P03", "ECONNREFUSED", "ENOTFOUND"])(
    "%s: nothing was written, and a retry may succeed",
    (code) => expect(classifyError(databaseError(code))).toBe("retry"),
  );

  it.each(["22001", "23502", "23514", "25P01", "25P02", "28P01", "3D000", "42P01", "42501", "53100", "54000", "57014"])(
    "%s: nothing was written, and a retry would fail again",
    (code) => expect(classifyError(databaseError(code))).toBe("refused"),
  );

  it.each([
    "08006",
    "08007",
    "40003",
    "57P01",
    "57P02",
    "58030",
    "XX000",
    "ECONNRESET",
    "EPIPE",
    "EBUSY",
    "ETIMEDOUT",
    null,
  ])("%s: unknown", (code) => expect(classifyError(databaseError(code))).toBe("unknown"));
});

/** A fault of one claim. */
type ClaimFault = (claim: () => Promise<unknown>) => Promise<unknown>;

interface FaultyPool {
  readonly pool: PostgresPool;
  /** The number of connections that were not reused. */
  readonly destroyed: () => number;
}

/** A pool on which the first claims have these faults, in order. */
const faultyPool = (...faults: readonly ClaimFault[]): FaultyPool => {
  let [claims, destroyed] = [0, 0];
  const query = (client: PostgresClient, statement: PostgresStatement): Promise<unknown> => {
    const run = (): Promise<unknown> => client.query(statement);
    const fault = /^\s*with "input (claims|drafts)"/.test(statement.text) ? faults[claims++] : undefined;
    return fault === undefined ? run() : fault(run);
  };
  const connect: PostgresPool["connect"] = async () => {
    const client = await databases.pool.connect();
    return {
      query: (statement) => query(client, statement),
      release: (destroy = false) => {
        if (destroy) destroyed += 1;
        client.release(destroy);
      },
      on: (event, listener) => client.on(event, listener),
      removeListener: (event, listener) => client.removeListener(event, listener),
    };
  };
  return { pool: { connect, on: () => undefined }, destroyed: () => destroyed };
};

const requestLost: ClaimFault = async () => {
  throw databaseError("ECONNRESET");
};
const answerLost: ClaimFault = async (claim) => {
  await claim();
  throw databaseError("ECONNRESET");
};
const rejectedWith =
  (code: string): ClaimFault =>
  async () => {
    throw databaseError(code);
  };

const engineWith = async (...faults: readonly ClaimFault[]) => {
  const { schema } = await databases.open();
  const { pool, destroyed } = faultyPool(...faults);
  const repository = await postgresRepository({ pool, schema, patience: 300, ...ignoreUnsafeSettings });
  const engine = createEngine({ repository, recordFailures: false });
  await engine.campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 3 });
  const publish = () => engine.publications.create({ campaign: "spring", customer: "shop-1" });
  const published = async () => (await engine.campaigns.summary("spring")).published;
  return { engine, repository, publish, published, destroyed };
};

describe("a claim", () => {
  it.each([
    ["whose request was lost", [requestLost]],
    ["whose answer was lost", [answerLost]],
    ["whose answer was lost twice", [answerLost, requestLost]],
  ])("%s is written once, and its connection is not used again", async (_, faults) => {
    const { publish, published, destroyed } = await engineWith(...faults);
    await publish();
    expect(await published()).toBe(1);
    expect(destroyed()).toBeGreaterThanOrEqual(1);
  });

  it("whose request is lost each time ends as unknown, and `resolve` returns null", async () => {
    const { engine, publish, published } = await engineWith(requestLost, requestLost, requestLost);
    const error = await publish().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "outcome_unknown" });
    expect(await engine.publications.resolve(error.publicationId)).toBeNull();
    expect(await published()).toBe(0);
  });

  it.each(["40001", "40P01", "23505", "55P03"])(
    "that fails with %s is tried again on the same connection",
    async (code) => {
      const { publish, published, destroyed } = await engineWith(rejectedWith(code), rejectedWith(code));
      await publish();
      expect(await published()).toBe(1);
      expect(destroyed()).toBe(0);
    },
  );

  it("that finds the disk full is refused, and nothing was written", async () => {
    const { publish, published } = await engineWith(rejectedWith("53100"));
    await expect(publish()).rejects.toMatchObject({ code: "storage_failed", cause: { code: "53100" } });
    expect(await published()).toBe(0);
  });

  it.each([
    ["refused", rejectedWith("53100")],
    ["retried without success", rejectedWith("40001")],
  ])("is not reported as unchanged when another claim of its call was written and it is %s", async (_, fault) => {
    const noFault: ClaimFault = (claim) => claim();
    // The pool is empty, so the fast path draws nothing.
    const { repository } = await engineWith(noFault, noFault, ...Array.from({ length: 60 }, () => fault));
    const owner = campaign();
    const vouchers = vouchersOf(owner, 2);
    await repository.put("campaigns", [creation(owner)]);
    // The second draft waits for the spare of the first one, so each draft has its own claim.
    const drafts = [
      draft(campaignSelection(owner, { fresh: vouchers, spares: 1 })),
      draft(campaignSelection(owner, { fresh: vouchersOf(owner, 1) })),
    ];
    const rejected = await repository.settle(drafts).catch((thrown: unknown) => thrown);
    expect(rejected).not.toMatchObject({ outcome: unchanged(null).outcome });
    expect(await repository.count([{ kind: "publications", filter: EVERYTHING }])).toEqual([1]);
    expect(await repository.find("publications", [{ id: drafts[0]!.publication.id }])).toMatchObject([
      { result: "SUCCESS" },
    ]);
  });

  it("that is refused after a draw of its call was written is not reported as unchanged", async () => {
    const { repository } = await engineWith(
      (draws) => draws(),
      ...Array.from({ length: 60 }, () => rejectedWith("53100")),
    );
    const owner = campaign();
    await repository.put("campaigns", [creation(owner)]);
    await repository.add(vouchersOf(owner, 1));
    const drafts = [draft(campaignSelection(owner)), draft(campaignSelection(owner, { fresh: vouchersOf(owner, 1) }))];
    const rejected = await repository.settle(drafts).catch((thrown: unknown) => thrown);
    expect(rejected).not.toMatchObject({ outcome: unchanged(null).outcome });
    expect(
      await repository.find(
        "publications",
        drafts.map(({ publication: { id } }) => ({ id })),
      ),
    ).toMatchObject([{ result: "SUCCESS" }, null]);
  });
});
