import * as E from "fp-ts/lib/Either.js";
import { measure } from "mitata";
import { and, matches, or, where } from "oncecode";
import { failedDraft } from "oncecode/conformance";
import { codeConfigOf, codeSpace } from "../../src/domain/codes.ts";
import { decodePublication } from "../../src/input/publications.ts";
import type { Comparison, Measurement } from "../comparison.ts";
import { noExtraPoints } from "../comparison.ts";

const pattern = codeConfigOf({ pattern: "OCT-########" });
if (E.isLeft(pattern)) throw new Error(pattern.left.message);
const codes = codeSpace(pattern.right);

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

let codeIndex = 1n;
/** Steps that run for each publication, code or row, without a store. */
const STEPS: Readonly<Record<string, () => unknown>> = {
  "decode a request": () => decodePublication(input),
  "generate a code": () => {
    codeIndex = (codeIndex * 6_364_136_223_846_793_005n) % codes.size;
    return codes.codeAt(codeIndex);
  },
  "evaluate a filter": () => matches("publications", filter, publication),
};

const stepMeasurement = ([label, work]: [string, () => unknown], seconds: number): Measurement => ({
  points: [{ scenario: "core", store: "none", subject: "oncecode", label, unit: "ns", at: null }],
  run: async (isWarmUp) => {
    const { p50 } = await measure(work, { min_cpu_time: (isWarmUp ? 0.1 : 1) * seconds * 1e9 });
    return [p50];
  },
});

export const core: Comparison = {
  scenario: "core",
  store: "none",
  label: "steps without a store",
  skipReason: null,
  prepare: async ({ seconds }) => ({
    measurements: Object.entries(STEPS).map((work) => stepMeasurement(work, seconds / 2)),
    ratioDefinitions: [],
    check: noExtraPoints,
    close: async () => undefined,
  }),
};
