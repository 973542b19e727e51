import * as fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { CODE_MAX, capacity, codeConfigOf, codeSpace, guessBits } from "../../src/domain/codes.ts";
import type { CodeConfig } from "../../src/domain/model.ts";

const configOf = (request: Parameters<typeof codeConfigOf>[0]): CodeConfig => {
  const config = codeConfigOf(request);
  return E.isRight(config) ? config.right : expect.fail(config.left.message);
};

const characters = fc.constantFrom(..."abcXYZ0189#-_ .äß漢🎟🎁👩‍🚀");
const literal = fc
  .array(
    characters.filter((character) => character !== "#"),
    { maxLength: 3 },
  )
  .map((all) => all.join(""));
/** Small code spaces, with repeated characters and characters outside of the BMP. */
const configs = fc
  .record({
    charset: fc.array(characters, { minLength: 1, maxLength: 6 }).map((all) => all.join("")),
    prefix: literal,
    postfix: literal,
    pattern: fc.array(fc.oneof(fc.constant("#"), literal), { maxLength: 5 }).map((parts) => [...parts, "#"].join("")),
  })
  .map(configOf);

const all = (config: CodeConfig): readonly string[] => {
  const { size, codeAt } = codeSpace(config);
  return Array.from({ length: Number(size) }, (_, index) => codeAt(BigInt(index)));
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\\-/]/g, "\\$&");
const shapeOf = ({ charset, prefix, pattern, postfix }: CodeConfig): RegExp => {
  const character = `(?:${[...charset].map(escaped).join("|")})`;
  return new RegExp(`^${escaped(prefix)}${pattern.split("#").map(escaped).join(character)}${escaped(postfix)}$`);
};

describe("the codes of a config", () => {
  it("are as many as the capacity, all different, and match the pattern", () => {
    void fc.assert(
      fc.property(configs, (config) => {
        fc.pre(capacity(config) <= 4096n);
        const codes = all(config);
        expect(new Set(codes).size).toBe(Number(capacity(config)));
        const shape = shapeOf(config);
        expect(codes.filter((code) => !shape.test(code))).toEqual([]);
      }),
    );
  });

  it("are different for different numbers in spaces of each size", () => {
    const request = fc.record({
      length: fc.integer({ min: 1, max: 40 }),
      charset: fc.constantFrom("01", "0123456789", "🎟🎁a"),
    });
    void fc.assert(
      fc.property(
        request,
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 80n }), { minLength: 2, maxLength: 20 }),
        (codeConfig, numbers) => {
          const config = configOf(codeConfig);
          const indices = [...new Set(numbers.map((number) => number % capacity(config)))];
          const codes = indices.map(codeSpace(config).codeAt);
          expect(new Set(codes).size).toBe(indices.length);
          for (const code of codes) expect([...code]).toHaveLength(config.length);
        },
      ),
    );
  });

  it("reach the last code of a space that is larger than the safe integers", () => {
    const config = configOf({ length: 12 });
    expect(capacity(config)).toBe(62n ** 12n);
    expect(codeSpace(config).codeAt(0n)).toBe("0".repeat(12));
    expect(codeSpace(config).codeAt(62n ** 12n - 1n)).toBe("Z".repeat(12));
  });
});

describe("a code config", () => {
  it("has eight letters and digits by default", () => {
    expect(configOf({})).toEqual({
      length: 8,
      charset: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
      prefix: "",
      postfix: "",
      pattern: "########",
    });
  });

  it("uses its pattern, not its length", () => {
    expect(configOf({ pattern: "A-##-#", length: 20 })).toMatchObject({ pattern: "A-##-#", length: 3 });
  });

  it("counts a repeated character of the charset once", () => {
    expect(capacity(configOf({ charset: "aab🎟🎟", length: 2 }))).toBe(9n);
  });

  it.each([
    [{ pattern: "SPRING" }, "codeConfig.pattern"],
    [{ pattern: "" }, "codeConfig.pattern"],
    [{ charset: "" }, "codeConfig.charset"],
    [{ length: 0 }, "codeConfig.length"],
    [{ length: 1.5 }, "codeConfig.length"],
    [{ length: CODE_MAX + 1 }, "codeConfig.length"],
    [{ prefix: "x".repeat(CODE_MAX) }, "codeConfig.pattern"],
  ])("is refused as %j", (request, path) => {
    expect(codeConfigOf(request)).toMatchObject({ left: { code: "invalid_code_config", path } });
  });
});

it("has a strength in bits against blind guesses", () => {
  expect(guessBits(configOf({ charset: "01", length: 40 }), 1)).toBe(40);
  expect(guessBits(configOf({ charset: "01", length: 40 }), 1024)).toBe(30);
  expect(guessBits(configOf({ charset: "01", length: 40 }), 0)).toBe(40);
});
