import { describe, expect, it } from "vitest";
import { type Rule, violationsIn } from "./check.ts";
import type { Attempt, History, Request, StoredPublication } from "./history.ts";

const makeAttempt = (name: string, request: Partial<Request>, outcome: Attempt["outcome"], startedAt = 0): Attempt => ({
  name,
  request: { campaign: "hot", voucher: null, count: 1, customer: `customer ${name}`, sourceId: null, ...request },
  startedAt,
  outcome,
  isKilled: false,
});

const acknowledged = (id: string, ...codes: readonly string[]): Attempt["outcome"] => ({
  type: "acknowledged",
  at: 10,
  id,
  codes,
});
const refused = (code: string, at = 10): Attempt["outcome"] => ({ type: "refused", at, code });
const EMPTY = "no_voucher_suitable_for_publication";

const storedPublication = (id: string, { name, request }: Attempt, ...codes: readonly string[]): StoredPublication => ({
  id,
  attempt: name,
  customer: request.customer,
  sourceId: request.sourceId,
  campaign: request.campaign,
  codes,
  voucherIds: codes.map((code) => `v ${code}`),
});

/** A correct store with some vouchers left. */
const historyOf = (
  attempts: readonly Attempt[],
  publications: readonly StoredPublication[],
  left: readonly string[] = [],
): History => {
  const publishedVouchers = publications.flatMap(({ id, campaign, codes }) =>
    codes.map((code) => ({ id: `v ${code}`, code, campaign, publicationId: id })),
  );
  const vouchers = [
    ...publishedVouchers,
    ...left.map((code) => ({ id: `v ${code}`, code, campaign: "hot", publicationId: null })),
  ];
  const supply = { hot: 0, growing: 0, once: 0, named: 0 };
  for (const { campaign } of vouchers) supply[campaign as keyof typeof supply] += 1;
  return {
    attempts,
    supply,
    stored: {
      publications,
      vouchers,
      claims: publishedVouchers.map(({ id, code, publicationId }) => ({ voucherId: id, code, publicationId })),
      keyOwners: publications.flatMap(({ id, sourceId, campaign }) => [
        ...(sourceId === null ? [] : [id]),
        ...(campaign === "once" ? [id] : []),
      ]),
    },
    finalState: { successes: publications.length, pools: {}, openResources: 0 },
    callDurationMax: 1000,
  };
};

const rulesBroken = (history: History): readonly Rule[] => [...new Set(violationsIn(history).map(({ rule }) => rule))];

const one = makeAttempt("1", {}, acknowledged("p1", "A"));
const two = makeAttempt("2", {}, acknowledged("p2", "B"));
const correctHistory = historyOf(
  [one, two],
  [storedPublication("p1", one, "A"), storedPublication("p2", two, "B")],
  ["C"],
);

describe("the checker accepts", () => {
  it("a correct history", () => {
    expect(violationsIn(correctHistory)).toEqual([]);
  });

  it("a worker that was killed before it got the answer, published or not", () => {
    const killed = { ...makeAttempt("1", {}, null), isKilled: true };
    expect(violationsIn(historyOf([killed], [storedPublication("p1", killed, "A")]))).toEqual([]);
    expect(violationsIn(historyOf([killed], []))).toEqual([]);
  });

  it("an unknown outcome, published or not", () => {
    const unknown = makeAttempt("1", {}, { type: "unknown", at: 10, id: "p1" });
    expect(violationsIn(historyOf([unknown], [storedPublication("p1", unknown, "A")]))).toEqual([]);
    expect(violationsIn(historyOf([unknown], []))).toEqual([]);
  });

  it("a retry that got the publication of another attempt", () => {
    const request = { sourceId: "order", customer: "Ann" };
    const [first, second] = [
      makeAttempt("1", request, acknowledged("p1", "A")),
      makeAttempt("2", request, acknowledged("p1", "A")),
    ];
    expect(violationsIn(historyOf([first, second], [storedPublication("p1", first, "A")]))).toEqual([]);
  });

  it("a retry that was refused before any answer, or because the store failed", () => {
    const request = { sourceId: "order" };
    const first = makeAttempt("1", request, acknowledged("p1", "A"));
    const [early, failed] = [
      makeAttempt("2", request, refused(EMPTY), 5),
      makeAttempt("3", request, refused("storage_failed", 20), 11),
    ];
    expect(violationsIn(historyOf([first, early, failed], [storedPublication("p1", first, "A")]))).toEqual([]);
  });

  it("a refusal when too few vouchers are left", () => {
    const refusal = makeAttempt("2", { count: 2 }, refused(EMPTY));
    expect(violationsIn(historyOf([one, refusal], [storedPublication("p1", one, "A")], ["C"]))).toEqual([]);
  });
});

describe("the checker finds", () => {
  const cases: readonly (readonly [title: string, history: History, rules: readonly Rule[]])[] = [
    [
      "a code that is in two publications",
      historyOf(
        [one, makeAttempt("2", {}, acknowledged("p2", "A"))],
        [storedPublication("p1", one, "A"), storedPublication("p2", two, "A")],
      ),
      ["UNIQUE"],
    ],
    [
      "a code that two workers got, although only one publication is stored",
      historyOf([one, makeAttempt("2", {}, acknowledged("p2", "A"))], [storedPublication("p1", one, "A")]),
      ["UNIQUE", "ACKNOWLEDGED"],
    ],
    ["a lost voucher", { ...correctHistory, supply: { ...correctHistory.supply, hot: 4 } }, ["CONSERVED"]],
    [
      "a claimed voucher without a publication",
      {
        ...correctHistory,
        stored: {
          ...correctHistory.stored,
          vouchers: correctHistory.stored.vouchers.map((v) => ({ ...v, publicationId: "p1" })),
        },
      },
      ["CONSERVED"],
    ],
    ["a missing claim", { ...correctHistory, stored: { ...correctHistory.stored, claims: [] } }, ["CONSERVED"]],
    ["a wrong count", { ...correctHistory, finalState: { ...correctHistory.finalState, successes: 3 } }, ["CONSERVED"]],
    [
      "a publication with too few codes",
      historyOf([makeAttempt("1", { count: 2 }, acknowledged("p1", "A"))], [storedPublication("p1", one, "A")]),
      ["WHOLE"],
    ],
    [
      "a key without an owner",
      { ...correctHistory, stored: { ...correctHistory.stored, keyOwners: ["p3"] } },
      ["WHOLE"],
    ],
    ["a lost publication that was confirmed", historyOf([one], [], ["A"]), ["ACKNOWLEDGED"]],
    [
      "other codes than the confirmed ones",
      historyOf([makeAttempt("1", {}, acknowledged("p1", "B"))], [storedPublication("p1", one, "A")]),
      ["ACKNOWLEDGED"],
    ],
    [
      "a stored publication whose answer was a failure",
      historyOf([makeAttempt("1", {}, refused("storage_failed"))], [storedPublication("p1", one, "A")]),
      ["NO PHANTOM"],
    ],
    [
      "an attempt that was published twice",
      historyOf([one], [storedPublication("p1", one, "A"), storedPublication("p2", one, "B")]),
      ["NO PHANTOM"],
    ],
    [
      "a source id with two publications",
      historyOf(
        [
          makeAttempt("1", { sourceId: "order" }, acknowledged("p1", "A")),
          makeAttempt("2", { sourceId: "order" }, acknowledged("p2", "B")),
        ],
        [
          storedPublication("p1", makeAttempt("1", { sourceId: "order" }, null), "A"),
          storedPublication("p2", makeAttempt("2", { sourceId: "order" }, null), "B"),
        ],
      ),
      ["REPLAYED"],
    ],
    [
      "a refused retry of a confirmed publication",
      historyOf(
        [
          makeAttempt("1", { sourceId: "order" }, acknowledged("p1", "A")),
          makeAttempt("2", { sourceId: "order" }, refused(EMPTY, 20), 11),
        ],
        [storedPublication("p1", makeAttempt("1", { sourceId: "order" }, null), "A")],
      ),
      ["REPLAYED"],
    ],
    [
      "a customer who joined twice",
      historyOf(
        [
          makeAttempt("1", { campaign: "once", customer: "Ann" }, acknowledged("p1", "A")),
          makeAttempt("2", { campaign: "once", customer: "Ann" }, acknowledged("p2", "B")),
        ],
        [
          storedPublication("p1", makeAttempt("1", { campaign: "once", customer: "Ann" }, null), "A"),
          storedPublication("p2", makeAttempt("2", { campaign: "once", customer: "Ann" }, null), "B"),
        ],
      ),
      ["ONCE"],
    ],
    [
      "a resolved outcome that changed later",
      historyOf(
        [makeAttempt("1", {}, { type: "unknown", at: 10, id: "p1", resolved: null })],
        [storedPublication("p1", one, "A")],
      ),
      ["RESOLVED"],
    ],
    ["an empty answer though one is left", historyOf([makeAttempt("1", {}, refused(EMPTY))], [], ["A"]), ["EMPTY"]],
    [
      "an empty answer though one was given to a later request",
      historyOf(
        [makeAttempt("2", {}, refused(EMPTY, 5)), makeAttempt("1", {}, acknowledged("p1", "A"), 6)],
        [storedPublication("p1", makeAttempt("1", {}, null), "A")],
      ),
      ["EMPTY"],
    ],
    [
      "an empty answer of a campaign that grows",
      historyOf([makeAttempt("1", { campaign: "growing" }, refused(EMPTY))], []),
      ["EMPTY"],
    ],
    [
      "a named voucher that was reported as published, and was not",
      historyOf([makeAttempt("1", { campaign: "named", voucher: "A" }, refused("voucher_already_published"))], []),
      ["EMPTY"],
    ],
    ["a call that never came back", historyOf([makeAttempt("1", {}, null)], []), ["LIVE"]],
    ["a call that took too long", historyOf([makeAttempt("1", {}, refused("storage_failed", 2000))], []), ["LIVE"]],
    [
      "a lock that is left",
      { ...correctHistory, finalState: { ...correctHistory.finalState, openResources: 1 } },
      ["LIVE"],
    ],
  ];

  it.each(cases)("%s", (_, history, rules) => {
    for (const rule of rules) expect(rulesBroken(history)).toContain(rule);
  });

  it("one wrong publication among a hundred thousand, quickly", () => {
    const attempts = Array.from({ length: 100_000 }, (_, n) =>
      makeAttempt(`${n}`, {}, acknowledged(`p${n}`, `code ${n}`)),
    );
    const publications = attempts.map((attempt, n) => storedPublication(`p${n}`, attempt, `code ${n}`));
    const start = performance.now();
    const violations = violationsIn(historyOf(attempts, publications.slice(1), ["code 0"]));
    expect(violations.map(({ rule }) => rule)).toEqual(["ACKNOWLEDGED"]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
