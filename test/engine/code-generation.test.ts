import type { CodeConfigInput } from "oncecode";
import { describe, expect, it } from "vitest";
import {
  allCodes,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  errorOf,
  outcomes,
} from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** All eight codes of three binary digits. */
const BITS = { charset: "01", length: 3 } as const;
const ALL_BITS = ["000", "001", "010", "011", "100", "101", "110", "111"];

describe.each(engineStores)("a code config on %s", (_, open) => {
  it.each<[CodeConfigInput, CodeConfigInput, RegExp]>([
    [{}, { length: 8, pattern: "########" }, /^[0-9a-zA-Z]{8}$/],
    [{ length: 12 }, { length: 12, pattern: "############" }, /^[0-9a-zA-Z]{12}$/],
    [{ charset: "AB" }, { length: 8, charset: "AB" }, /^[AB]{8}$/],
    [{ prefix: "P-", postfix: "-Q" }, { length: 8, prefix: "P-", postfix: "-Q" }, /^P-[0-9a-zA-Z]{8}-Q$/],
    [{ pattern: "OCT-##-##" }, { length: 4, pattern: "OCT-##-##" }, /^OCT-[0-9a-zA-Z]{2}-[0-9a-zA-Z]{2}$/],
    [{ pattern: "##", length: 20 }, { length: 2, pattern: "##" }, /^[0-9a-zA-Z]{2}$/],
    [{ pattern: "x##", prefix: "P-", postfix: "!" }, { length: 2, pattern: "x##" }, /^P-x[0-9a-zA-Z]{2}!$/],
    [{ charset: "🎟🎁", length: 10 }, { pattern: "##########" }, /^[🎟🎁]{10}$/u],
  ])("%j makes codes of its shape", async (codeConfig, shown, shape) => {
    const { engine, campaigns } = await createFixture(open);
    const campaign = await campaigns.create({
      name: "spring",
      voucher: { ...DISCOUNT, codeConfig },
      vouchersCount: 3,
    });
    expect(campaign.voucher.codeConfig).toEqual({
      length: 8,
      charset: ALPHANUMERIC,
      prefix: "",
      postfix: "",
      pattern: "########",
      ...codeConfig,
      ...shown,
    });
    const codes = await allCodes(engine);
    expect(new Set(codes).size).toBe(3);
    for (const code of codes) expect(code).toMatch(shape);
  });

  it.each<[string, CodeConfigInput, string, string]>([
    ["without a place for a random character", { pattern: "SPRING" }, "invalid_code_config", "pattern"],
    ["with an empty pattern", { pattern: "" }, "invalid_payload", "pattern"],
    ["with no characters to choose from", { charset: "" }, "invalid_payload", "charset"],
    ["of length 0", { length: 0 }, "invalid_payload", "length"],
    ["of a fractional length", { length: 2.5 }, "invalid_payload", "length"],
  ])("%s is refused, for a campaign, for a change to it, and for a voucher", async (_what, codeConfig, code, field) => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const before = await contents(engine);
    const [inTemplate, path] = [`voucher.codeConfig.${field}`, `codeConfig.${field}`];
    const autumn = campaigns.create({ name: "autumn", voucher: { ...DISCOUNT, codeConfig } });
    await expect(autumn).rejects.toMatchObject({ code, path: inTemplate });
    await expect(campaigns.update("spring", { codeConfig })).rejects.toMatchObject({ code, path });
    await expect(vouchers.create({ ...DISCOUNT, codeConfig })).rejects.toMatchObject({ code, path });
    expect(await contents(engine)).toEqual(before);
  });

  it("with too little capacity is refused before any voucher is created", async () => {
    const { engine, campaigns } = await createFixture(open);
    const before = await contents(engine);
    await expect(
      campaigns.create({ name: "spring", voucher: { ...DISCOUNT, codeConfig: BITS }, vouchersCount: 9 }),
    ).rejects.toMatchObject({ code: "invalid_code_config" });
    expect(await contents(engine)).toEqual(before);
  });

  it("counts a repeated character of the charset once", async () => {
    const { engine, campaigns } = await createFixture(open);
    const voucher = { ...DISCOUNT, codeConfig: { charset: "0111", length: 3 } };
    await expect(campaigns.create({ name: "spring", voucher, vouchersCount: 9 })).rejects.toMatchObject({
      code: "invalid_code_config",
    });
    await campaigns.create({ name: "spring", voucher, vouchersCount: 8 });
    expect(await allCodes(engine)).toEqual(ALL_BITS);
  });
});

describe.each(engineStores)("a code space on %s", (_, open) => {
  const voucher = { ...DISCOUNT, codeConfig: BITS };

  it("is filled to its last code, and then refuses more", async () => {
    const { engine, campaigns } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher, vouchersCount: 5 });
    expect(await campaigns.addVouchers("spring", { count: 3 })).toEqual({ added: 3 });
    expect(await allCodes(engine)).toEqual(ALL_BITS);
    const code = "invalid_code_config";
    await expect(campaigns.addVouchers("spring", { count: 1 })).rejects.toMatchObject({ code, path: "count" });
    await expect(campaigns.addVouchers("spring", { count: 9 })).rejects.toMatchObject({ code, path: "count" });
    const smallConfig = campaigns.addVouchers("spring", { count: 3, codeConfig: { pattern: "A#", charset: "01" } });
    await expect(smallConfig).rejects.toMatchObject({ code, path: "codeConfig.pattern" });
    expect(await allCodes(engine)).toEqual(ALL_BITS);
  });

  it("of a STATIC campaign is published to its last code, and then no more", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher, vouchersCount: 8 });
    const calls = Array.from({ length: 10 }, (_call, i) =>
      publications.create({ campaign: "spring", customer: `shop-${i}` }).then(({ codes }) => codes[0] ?? ""),
    );
    const results = (await outcomes(calls)).toSorted();
    const refusal = "no_voucher_suitable_for_publication";
    expect(results).toEqual([...ALL_BITS, refusal, refusal]);
    expect(await campaigns.summary("spring")).toEqual({ total: 8, published: 8, available: 0, failed: 2 });
    expect(await allCodes(engine)).toEqual(ALL_BITS);
  });

  it("of an AUTO_UPDATE campaign is published to its last code, and then no more", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher });
    const codes: string[] = [];
    for (const count of [1, 3, 2, 2]) {
      const publication = await publications.create({ campaign: { name: "spring", count }, customer: "shop-1" });
      codes.push(...publication.codes);
    }
    expect(codes.toSorted()).toEqual(ALL_BITS);
    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
      details: expect.stringContaining("Couldn't create new vouchers for publication"),
    });
    expect(await campaigns.summary("spring")).toEqual({ total: 8, published: 8, available: 0, failed: 1 });
    expect(await allCodes(engine)).toEqual(ALL_BITS);
  });

  it("publishes all or nothing if fewer codes are left than requested", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher });
    await publications.create({ campaign: { name: "spring", count: 6 }, customer: "shop-1" });
    await expect(
      publications.create({ campaign: { name: "spring", count: 3 }, customer: "shop-2" }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 6 });
    const { codes } = await publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-2" });
    expect(codes).toHaveLength(2);
    expect(await allCodes(engine)).toEqual(ALL_BITS);
  });

  it("is shared by all campaigns: a code of another campaign is not created again", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await vouchers.create({ ...DISCOUNT, code: "010" });
    await createCampaignWithCodes(engine, "autumn", ["111", "GIVEN"]);
    await publications.create({ voucher: "111", customer: "shop-1" });
    await campaigns.delete("autumn");

    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher, vouchersCount: 4 });
    const { codes } = await publications.create({ campaign: { name: "spring", count: 6 }, customer: "shop-1" });
    expect(codes.toSorted()).toEqual(["000", "001", "011", "100", "101", "110"]);
    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
    });
  });

  it("with too many codes of others leaves no campaign, or reports how many vouchers the campaign has", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await vouchers.create({ ...DISCOUNT, code: "010" });
    const error = await errorOf(campaigns.create({ name: "spring", voucher, vouchersCount: 8 }));
    expect(error.code).toBe("invalid_code_config");
    const voucherCount = (await allCodes(engine)).length - 1;
    expect("done" in error ? error.done : 0).toBe(voucherCount);
    if (voucherCount === 0) await expect(campaigns.get("spring")).rejects.toMatchObject({ code: "not_found" });
    else expect(await campaigns.summary("spring")).toMatchObject({ total: voucherCount });
  });

  it("with too many codes of others is filled as far as possible", async () => {
    const { campaigns, vouchers } = await createFixture(open);
    await vouchers.create({ ...DISCOUNT, code: "010" });
    await campaigns.create({ name: "spring", voucher, vouchersCount: 7 });
    expect(await campaigns.summary("spring")).toEqual({ total: 7, published: 0, available: 7, failed: 0 });
  });
});
