import * as E from "fp-ts/lib/Either.js";
import { measure } from "mitata";
import { and, matches, or, where } from "oncecode";
import { failedDraft } from "oncecode/conformance";
import { codeConfigOf, codesOf } from "../../src/domain/codes.ts";
import { decodePublication } from "../../src/input/publications.ts";
import type { Contest, Entry } from "../contest.ts";
import { nothingCounted } from "../contest.ts";

const pattern = codeConfigOf({ pattern: "OCT-########" });
if (E.isLeft(pattern)) throw new Error(pattern.left.message);
const codes = codesOf(pattern.right);

const input = {
  campaign: { name: "newsletter-october", count: 2 },
  customer: { sourceId: "shop-4711", email: "ann@example.test" },
  channel: "newsletter_October",
  metadata: { test: true },
  sourceId: "order-991",
};
const { publication } = failedDraft({ channel: "newsletter_October", metadata: { tier: "gold" } });
const filter = and<string>(
  where("customerId").in(["cust_1", publication.customerId]),
  or(where("channel").startsWith("news"), where("metadata.tier").is("silver")),
);

let turn = 1n;
/** What runs for every publication, code or row, without a store: nothing is awaited. */
const WORK: Readonly<Record<string, () => unknown>> = {
  "decode what a host asks for": () => decodePublication(input),
  "write a code": () => {
    turn = (turn * 6_364_136_223_846_793_005n) % codes.size;
    return codes.at(turn);
  },
  "hold a publication against a filter": () => matches("publications", filter, publication),
};

const entryOf = ([what, work]: [string, () => unknown], seconds: number): Entry => ({
  points: [{ family: "core", store: "none", contender: "oncecode", what, unit: "ns", at: null }],
  run: async (isWarmUp) => {
    const { p50 } = await measure(work, { min_cpu_time: (isWarmUp ? 0.1 : 1) * seconds * 1e9 });
    return [p50];
  },
});

export const core: Contest = {
  family: "core",
  store: "none",
  what: "steps without a store",
  missing: null,
  open: async ({ seconds }) => ({
    entries: Object.entries(WORK).map((work) => entryOf(work, seconds / 2)),
    comparisons: [],
    check: nothingCounted,
    close: async () => undefined,
  }),
};
