import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDuration, addDuration as later } from "../../src/domain/durations.ts";
import { instantOf } from "../../src/domain/instants.ts";
import type { Instant } from "../../src/domain/model.ts";

const at = (text: string): Instant => instantOf(text) ?? expect.fail(`${text} is no instant`);

describe("a duration", () => {
  it.each(["P24D", "P1M", "P1Y", "P2W", "PT36H", "PT0.5H", "P1Y2M3W4DT5H6M7.5S", "PT0.001S", "p1d"])(
    "is %s",
    (text) => {
      expect(isDuration(text)).toBe(true);
    },
  );

  it.each([
    "",
    "P",
    "PT",
    "P0D",
    "PT0S",
    "-P1D",
    "P-1D",
    "P1.5D",
    "PT0.0001S",
    "1 month",
    "24",
    "P9999999999Y",
    "P1D\u0000",
    "P1D ",
  ])("is not %j", (text) => {
    expect(isDuration(text)).toBe(false);
  });
});

describe("a duration later", () => {
  it.each([
    ["2026-01-31T10:00:00.123Z", "P1M", "2026-02-28T10:00:00.123Z"],
    ["2028-01-31T10:00:00.123Z", "P1M", "2028-02-29T10:00:00.123Z"],
    ["2028-02-29T00:00:00.000Z", "P1Y", "2029-02-28T00:00:00.000Z"],
    ["2026-03-28T12:00:00.000Z", "P1D", "2026-03-29T12:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "PT0.001S", "2027-01-01T00:00:00.000Z"],
    ["2026-01-01T00:00:00.000Z", "P1M1D", "2026-02-02T00:00:00.000Z"],
    ["2026-01-01T00:00:00.000Z", "PT36H", "2026-01-02T12:00:00.000Z"],
    ["0001-01-01T00:00:00.000Z", "P1Y", "0002-01-01T00:00:00.000Z"],
  ])("than %s is, after %s, %s", (from, duration, to) => {
    expect(later(at(from), duration)).toBe(to);
  });

  it.each(["P8000Y", "P4294967295Y", "PT9007199254740991S", "P292000000D"])(
    "never ends after the year 9999: %s",
    (duration) => {
      expect(isDuration(duration)).toBe(true);
      expect(later(at("2026-01-01"), duration)).toBe("9999-12-31T23:59:59.999Z");
    },
  );

  it("ends later, at an instant", () => {
    const instants = fc
      .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9998-01-01T00:00:00Z"), noInvalidDate: true })
      .map((date) => at(date.toISOString()));
    const durations = fc
      .record({
        years: fc.nat(9000),
        months: fc.nat(200),
        days: fc.nat(4000),
        ms: fc.integer({ min: 1, max: 10 ** 9 }),
      })
      .map(({ years, months, days, ms }) => `P${years}Y${months}M${days}DT${ms / 1000}S`);
    void fc.assert(
      fc.property(instants, durations, (instant, duration) => {
        const end = later(instant, duration);
        expect(end > instant).toBe(true);
        expect(instantOf(end)).toBe(end);
      }),
    );
  });
});
