import { type Engine, isOncecodeError, where } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attack, entryPoints, launch } from "./attack.ts";
import { campaignAttacks } from "./campaigns.ts";
import { customerAttacks, publicationCustomerAttacks } from "./customers.ts";
import { edgeCaseTexts } from "./edge-case-texts.ts";
import { createHostileEngine, createRecords } from "./fixture.ts";
import { type InspectableStore, STORES } from "./inspectable-stores.ts";
import { listAttacks } from "./lists.ts";
import { optionAttacks } from "./options.ts";
import { publicationAttacks } from "./publications.ts";
import { voucherAttacks } from "./vouchers.ts";

const ATTACKS: readonly Attack[] = [
  ...campaignAttacks,
  ...voucherAttacks,
  ...customerAttacks,
  ...publicationCustomerAttacks,
  ...publicationAttacks,
  ...listAttacks,
  ...optionAttacks,
];

/** Nearly all attacks are refused before they reach a store, so one server is enough. */
const ATTACKED_STORES = STORES.filter(([name]) => name !== "MariaDB");

describe.each(ATTACKED_STORES)("hostile input on %s", (_, open) => {
  let store: InspectableStore;
  let engine: Engine;
  let contentsBefore: string;

  beforeAll(async () => {
    store = await open();
    engine = createHostileEngine(store.repository);
    await createRecords(engine);
    contentsBefore = await store.contents();
  });
  afterAll(() => store.close());

  it.each(ATTACKS.map((attack) => [attack.entry, attack.title, attack] as const))(
    "%s refuses %s",
    async (_entry, _what, attack) => {
      const error: unknown = await launch(engine, store.repository, attack).then(
        () => expect.fail("The call succeeded"),
        (rejection: unknown) => rejection,
      );
      expect(isOncecodeError(error), String(error)).toBe(true);
      expect(error).toMatchObject({ code: attack.code, message: expect.any(String) });
      expect(Reflect.get(error as object, "path")).toBe(attack.path);
      expect(await store.contents()).toBe(contentsBefore);
    },
  );

  it("an import reports every refused row and adds none of them", async () => {
    const list = [
      "A ",
      5,
      null,
      "\ud83d",
      { code: "" },
      { code: "OK", startDate: "2026-02-30" },
      "SOLO",
      { code: "GIVEN" },
    ];
    const reversed = { code: "OK", startDate: "2026-03-02", expirationDate: "2026-03-01" };
    const { imported, refused } = await engine.campaigns.importVouchers("spring", [...list, reversed] as never);
    expect(imported).toBe(0);
    expect(refused.map(({ index, error }) => [index, error.code, Reflect.get(error, "path")])).toEqual([
      [0, "invalid_payload", ""],
      [1, "invalid_payload", ""],
      [2, "invalid_payload", ""],
      [3, "invalid_payload", ""],
      [4, "invalid_payload", "code"],
      [5, "invalid_payload", "startDate"],
      [6, "duplicate_found", "code"],
      [7, "duplicate_found", "code"],
      [8, "invalid_voucher", "expirationDate"],
    ]);
    expect(await store.contents()).toBe(contentsBefore);
  });

  it("an import of a list that breaks off reports it", async () => {
    const list = (function* () {
      yield "A ";
      throw new Error("a broken file");
    })();
    await expect(engine.campaigns.importVouchers("spring", list)).rejects.toMatchObject({
      code: "invalid_payload",
      path: "vouchers",
    });
    expect(await store.contents()).toBe(contentsBefore);
  });

  it("a change would be seen", async () => {
    await engine.vouchers.update("SOLO", { additionalInfo: "changed" });
    expect(await store.contents()).not.toBe(contentsBefore);
  });
});

describe.each(STORES)("unusual text on %s", (_, open) => {
  let store: InspectableStore;
  let engine: Engine;

  beforeAll(async () => {
    store = await open();
    engine = createHostileEngine(store.repository);
  });
  afterAll(() => store.close());

  it.each(edgeCaseTexts.map((text) => [text]))("is stored unchanged: %j", async (text) => {
    const { campaigns, vouchers, customers, publications } = engine;
    const metadata = JSON.parse(`{${JSON.stringify(text)}: ${JSON.stringify(text)}}`);
    const discount = { type: "AMOUNT", amountOff: 5, effect: text } as const;
    await campaigns.create({ name: text, voucher: { discount }, description: text, metadata });
    await campaigns.addVouchers(text, { codes: [`${text}1`, `${text}2`] });
    const customer = { sourceId: text, name: text, address: { city: text }, metadata };
    const published = await publications.create({
      voucher: `${text}1`,
      customer,
      channel: text,
      sourceId: text,
      metadata,
    });
    await customers.update(text, { description: text, metadata: JSON.parse('{"added":1}') });
    await vouchers.update(`${text}2`, { additionalInfo: text });

    expect(published).toMatchObject({
      codes: [`${text}1`],
      channel: text,
      sourceId: text,
      trackingId: text,
      campaign: text,
    });
    expect(JSON.stringify(published.metadata)).toBe(JSON.stringify(metadata));
    expect(await campaigns.get(text)).toMatchObject({ name: text, description: text });
    expect(await vouchers.get(`${text}2`)).toMatchObject({ code: `${text}2`, campaign: text, additionalInfo: text });
    const stored = await customers.get(text);
    expect(stored).toMatchObject({ sourceId: text, name: text, description: text, address: { city: text } });
    expect(Object.entries(stored.metadata)).toEqual([...Object.entries(metadata), ["added", 1]]);

    const filters = [
      where("channel").is(text),
      where("campaign").in([text]),
      where("voucherCode").startsWith(`${text}1`),
      where("sourceId").is(text),
      where(`metadata.${text}`).is(text),
    ];
    for (const filter of filters) {
      const { data } = await publications.list({ filters: filter, limit: 100 });
      expect(data.filter(({ id }) => id === published.id)).toHaveLength(1);
    }
    const { data } = await publications.list({ filters: where("channel").is(text), limit: 100 });
    expect(data.map(({ channel }) => channel)).toEqual([text]);
    expect(await publications.count({ sourceId: text })).toBe(1);
  });
});

it("every entry point is attacked", () => {
  const attacked = new Set(ATTACKS.map(({ entry }) => entry));
  expect(entryPoints(createHostileEngine(memoryRepository())).filter((entry) => !attacked.has(entry))).toEqual([]);
  expect(ATTACKS.length).toBeGreaterThan(100);
});

it("no attack is made twice", () => {
  const names = ATTACKS.map(({ entry, title, code, path }) => `${entry}: ${title}, ${code} ${path}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
