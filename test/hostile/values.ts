/** Invalid values by their description. */
type Values = Readonly<Record<string, () => unknown>>;

export const MEGABYTES = 10_000_000;

const throwing = (): object =>
  Object.defineProperty({}, "name", {
    enumerable: true,
    get: () => {
      throw new Error("a trap");
    },
  });
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
export const traps: Values = { "a revoked proxy": revoked };
export { revoked, throwing };

/** Values that are not text. */
export const notText: Values = {
  "a number": () => 5,
  "a boolean": () => true,
  "a list": () => ["a"],
  "an object": () => ({ toString: () => "a" }),
  "a function": () => () => "a",
  "a symbol": () => Symbol("a"),
  "a bigint": () => 5n,
  "boxed text": () => new String("a"),
};

/** Text that some store cannot store. */
export const brokenText: Values = {
  "10 MB of text": () => "x".repeat(MEGABYTES),
  "half of an emoji": () => "a\ud83d",
  "text with U+0000": () => "a\u0000b",
};

/** Invalid ids, names and codes. */
export const notName: Values = {
  ...notText,
  ...brokenText,
  "empty text": () => "",
  "256 characters": () => "x".repeat(256),
  "256 emoji": () => "🎟️".repeat(128),
};

/** Invalid counts. */
export const notCount: Values = {
  "minus one": () => -1,
  "a fraction": () => 1.5,
  "a number in text": () => "5",
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "a bigint": () => 5n,
  "a list": () => [5],
  "more than whole numbers reach": () => 2 ** 53,
};

export const notFlag: Values = { "text true": () => "true", one: () => 1, null: () => null };

export const notObject: Values = {
  null: () => null,
  text: () => "campaign",
  "a number": () => 5,
  "a list": () => [],
  "a function": () => () => ({}),
};

export const notDate: Values = {
  "February 30": () => "2026-02-30",
  "month 13": () => "2026-13-01T00:00:00Z",
  "hour 24": () => "2026-03-02T24:00:00Z",
  "a time without a zone": () => "2026-03-02T09:15:04",
  "the year 10000": () => "+010000-01-01T00:00:00Z",
  "the year 0": () => "0000-01-01",
  "milliseconds since 1970": () => 1_772_442_904_000,
  "an invalid Date": () => new Date(Number.NaN),
  "a Date after 9999": () => new Date(8.64e15),
  prose: () => "tomorrow",
};

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
};
const cyclic = (): object => {
  const a: Record<string, unknown> = {};
  a.self = { back: a };
  return a;
};
class Point {
  readonly x = 1;
}

/** Invalid metadata, each with the path of the error inside the metadata. */
export const notMetadata: Readonly<Record<string, readonly [path: string, make: () => unknown]>> = {
  text: ["", () => "metadata"],
  "a list": ["", () => [1]],
  "a Map": ["", () => new Map([["a", 1]])],
  "a class instance": [".point", () => ({ point: new Point() })],
  "a Date": [".at", () => ({ at: new Date(0) })],
  NaN: [".list[1]", () => ({ list: [1, Number.NaN] })],
  Infinity: [".n", () => ({ n: Number.NEGATIVE_INFINITY })],
  "a bigint": [".n", () => ({ n: 1n })],
  "a function": [".f", () => ({ f: () => 1 })],
  "a symbol": [".s", () => ({ s: Symbol("s") })],
  "a hole in a list": [".list[1]", () => ({ list: Object.assign(new Array(3), { 0: 1, 2: 3 }) })],
  "a list of a billion holes": [".list[0]", () => ({ list: new Array(1_000_000_000) })],
  "a cycle": [".self.back", cyclic],
  "21 levels": [".a".repeat(20), () => nested(21)],
  "a million levels": [".a".repeat(20), () => nested(1_000_000)],
  "10 MB of text": ["", () => ({ text: "x".repeat(MEGABYTES) })],
  "65537 bytes": ["", () => ({ text: "é".repeat((65_537 - 11) / 2) })],
  "a shared list many times over": ["", () => ({ list: new Array(70).fill(new Array(1000).fill(0)) })],
  "half of an emoji": [".text", () => ({ text: "\udc00" })],
  "a key with U+0000": ['["a\\u0000b"]', () => ({ "a\u0000b": 1 })],
  "a trap": [".name", throwing],
  "a revoked proxy": ["", revoked],
  "a toJSON of its own": [".toJSON", () => ({ toJSON: () => ({}) })],
};

export const notDuration: Values = {
  "no time at all": () => "P0D",
  "the past": () => "-P1D",
  "half a day": () => "P1.5D",
  "half a microsecond": () => "PT0.0000005S",
  prose: () => "a month",
  "a number": () => 5,
};
