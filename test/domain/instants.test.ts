import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantOf, isDate } from "../../src/domain/instants.ts";

describe("an instant", () => {
  it.each([
    ["2026-03-02", "2026-03-02T00:00:00.000Z"],
    ["2026-03-02T09:15Z", "2026-03-02T09:15:00.000Z"],
    ["2026-03-02T09:15:04Z", "2026-03-02T09:15:04.000Z"],
    ["2026-03-02T09:15:04.1Z", "2026-03-02T09:15:04.100Z"],
    ["2026-03-02T09:15:04.120987654Z", "2026-03-02T09:15:04.120Z"],
    ["2026-03-02T00:15:04+01:00", "2026-03-01T23:15:04.000Z"],
    ["2026-03-02T09:15:04-0530", "2026-03-02T14:45:04.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
    ["0099-01-01", "0099-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ])("of %s is %s", (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it.each([
    "",
    "now",
    "2026",
    "2026-3-2",
    "2026-02-29",
    "2026-02-30",
    "2026-04-31T00:00:00Z",
    "2026-00-01",
    "2026-13-01",
    "2026-03-02 09:15:04Z",
    "2026-03-02T09:15:04",
    "2026-03-02T9:15:04Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T09:60:00Z",
    "2026-06-30T23:59:60Z",
    "2026-03-02T09:15:04.Z",
    "2026-03-02T09:15:04+25:00",
    "2026-03-02T09:15:04Z[Europe/Vienna]",
    "2026-03-02Z",
    "0000-12-31",
    "-000001-01-01T00:00:00Z",
    "+012026-03-02T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2026-03-02\n",
    "Mon, 02 Mar 2026 09:15:04 GMT",
  ])("is not %j", (text) => {
    expect(instantOf(text)).toBeNull();
  });

  it("of a Date is its time", () => {
    expect(instantOf(new Date("2026-03-02T09:15:04.120Z"))).toBe("2026-03-02T09:15:04.120Z");
    expect(instantOf(new Date(Number.NaN))).toBeNull();
    expect(instantOf(new Date(8.64e15))).toBeNull();
    expect(instantOf(new Date("0000-12-31T23:59:59.999Z"))).toBeNull();
  });

  it("sorts as text in the order of time", () => {
    const dates = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    void fc.assert(
      fc.property(dates, dates, (a, b) => {
        const [first, second] = [instantOf(a), instantOf(b)];
        expect(first !== null && second !== null && first < second).toBe(a.getTime() < b.getTime());
        expect(first).toBe(a.toISOString());
      }),
    );
  });

  it("parsed from a text is null, or is parsed to itself again", () => {
    void fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date().map(String),
          fc.date().map((date) => date.toJSON() ?? ""),
        ),
        (text) => {
          const instant = instantOf(text);
          expect(instant === null || instantOf(instant) === instant).toBe(true);
        },
      ),
    );
  });
});

it.each([
  ["1990-04-01", true],
  ["1990-02-29", false],
  ["1990-04-01T00:00:00Z", false],
  ["", false],
])("%j is a date: %j", (text, is) => {
  expect(isDate(text)).toBe(is);
});
