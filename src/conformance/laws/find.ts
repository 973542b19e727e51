import assert from "node:assert/strict";
import { EDGE_CASE_TEXTS, METADATA_KEYS, METADATA_VALUES, objectOf } from "../edge-case-values.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, publish, refsById } from "../law-steps.ts";
import {
  campaign,
  campaignSelection,
  code,
  creation,
  customer,
  draft,
  key,
  LATER,
  TOMORROW,
  voucher,
} from "../sample-records.ts";

const MISSING_NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString", "missing", "%", "_"];
const metadata = objectOf(
  METADATA_KEYS.map((name, i) => [name, METADATA_VALUES[(i * 7) % METADATA_VALUES.length] ?? null]),
);

/** The method `find`. */
export const findLaws: LawGroup = (law) => [
  law(
    "find answers each ref in order, by id or by name, and null if no record has it",
    "a caller would see the record of another customer",
    async (repository) => {
      const customers = [customer(), customer({ sourceId: null }), customer()];
      await repository.put("customers", customers.map(creation));
      const [a, b, c] = customers;
      const refs = [
        { name: c?.sourceId ?? "" },
        { id: "missing" },
        { id: a?.id ?? "" },
        { name: b?.id ?? "" },
        { id: a?.sourceId ?? "" },
        { id: b?.id ?? "" },
        { name: a?.sourceId ?? "" },
      ];
      assert.deepEqual(await repository.find("customers", refs), [c, null, a, null, null, b, a]);

      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const names = [
        { name: testCampaign.name },
        { id: testCampaign.name },
        { id: testCampaign.id },
        { name: testCampaign.id },
      ];
      assert.deepEqual(await repository.find("campaigns", names), [testCampaign, null, testCampaign, null]);
      const [v, w] = vouchers;
      const codes = [{ name: w?.code ?? "" }, { id: w?.code ?? "" }, { id: v?.id ?? "" }, { name: v?.id ?? "" }];
      assert.deepEqual(await repository.find("vouchers", codes), [w, null, v, null]);
    },
  ),

  law(
    "find returns no record that was never stored",
    "a request with an unusual name would crash, or get a value that is not a record",
    async (repository) => {
      const refs = MISSING_NAMES.flatMap((text) => [{ id: text }, { name: text }]);
      const nothing = refs.map(() => null);
      for (const kind of ["publications", "vouchers", "campaigns", "customers"] as const)
        assert.deepEqual(await repository.find(kind, refs), nothing);
    },
  ),

  law(
    "names are compared exactly: case, accents, width and spaces count",
    "a customer would get the data of another one with nearly the same name",
    async (repository) => {
      const names = EDGE_CASE_TEXTS.map((name) => ({ name }));
      const campaigns = EDGE_CASE_TEXTS.map((name) => campaign({ name }));
      const customers = EDGE_CASE_TEXTS.map((sourceId) => customer({ sourceId }));
      const vouchers = EDGE_CASE_TEXTS.map((text) => voucher({ code: code(text) }));
      const written = EDGE_CASE_TEXTS.map(() => "written");
      const putResults = [
        await repository.put("campaigns", campaigns.map(creation)),
        await repository.put("customers", customers.map(creation)),
        await repository.put("vouchers", vouchers.map(creation)),
      ];
      assert.deepEqual(putResults, [written, written, written]);
      assert.deepEqual(await repository.find("campaigns", names), campaigns);
      assert.deepEqual(await repository.find("customers", names), customers);
      assert.deepEqual(await repository.find("vouchers", names), vouchers);
    },
  ),

  law(
    "each field of a record is read as it was written",
    "data that a host stores with codes and customers would be lost or changed",
    async (repository) => {
      const effect = "APPLY_TO_ORDER";
      const fullCampaign = campaign({
        name: EDGE_CASE_TEXTS.join(" "),
        description: "",
        type: "AUTO_UPDATE",
        campaignType: "GIFT_VOUCHERS",
        voucher: {
          type: "GIFT_VOUCHER",
          gift: { amount: 12_345, effect },
          codeConfig: { length: 3, charset: "%_😀'\"\\", prefix: "'", postfix: '"', pattern: "#-#-#" },
          isReferralCode: true,
          redemption: { quantity: null },
        },
        joinOnce: true,
        active: false,
        startDate: TOMORROW,
        expirationDate: LATER,
        activityDurationAfterPublishing: "P24D",
        metadata,
      });
      const campaigns = [campaign(), fullCampaign];
      await repository.put("campaigns", campaigns.map(creation));
      assert.deepEqual(await repository.find("campaigns", refsById(campaigns)), campaigns);

      const address = { city: "Å", state: null, line1: "%", line2: "", country: "DE", postalCode: "01067" };
      const texts = {
        name: "\ue000😀",
        email: "a@example.test",
        phone: "",
        description: "\n",
        birthdate: "2000-02-29",
      };
      const emptyAddress = { city: null, state: null, line1: null, line2: null, country: null, postalCode: null };
      const customers = [customer(), customer({ ...texts, address, metadata }), customer({ address: emptyAddress })];
      await repository.put("customers", customers.map(creation));
      assert.deepEqual(await repository.find("customers", refsById(customers)), customers);

      const type = "DISCOUNT_VOUCHER";
      const details = { isReferralCode: true, redemption: { quantity: null }, active: false, additionalInfo: "" };
      const dates = { startDate: TOMORROW, expirationDate: LATER };
      const vouchers = [
        voucher(details, { type, discount: { type: "PERCENT", percentOff: 12.5, amountLimit: 100, effect } }),
        voucher({ redemption: { quantity: 2_147_483_647 } }, { type, discount: { type: "AMOUNT", amountOff: 0 } }),
        voucher(dates, { type, discount: { type: "UNIT", unitOff: 1, unitType: "€ 10" } }),
        voucher({ metadata }, { type, discount: { type: "FIXED", fixedAmount: 9007199254740991, effect } }),
        voucher({ additionalInfo: "\u0001😀" }, { type: "GIFT_VOUCHER", gift: { amount: 0 } }),
        voucher({ rank: 0 }, { type: "LOYALTY_CARD", loyaltyCard: { points: -1 } }),
      ];
      await repository.add(vouchers);
      assert.deepEqual(await repository.find("vouchers", refsById(vouchers)), vouchers);
    },
  ),

  law(
    "a publication is found by each of its keys, and by no other name",
    "a repeated request would not be recognised, or would get the codes of another customer",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 2);
      const details = { sourceId: "order-1", metadata, voucherType: null, isReferralCode: true };
      const [one, other] = [
        await publish(
          repository,
          draft(campaignSelection(testCampaign), { keys: [key("a"), key("b")], publication: details }),
        ),
        await publish(repository, draft(campaignSelection(testCampaign), { keys: [key("c")] })),
      ].map(({ publication }) => publication);
      const refs = ["b", "order-1", "c", "a", "A", one?.id ?? ""].map((name) => ({ name }));
      assert.deepEqual(await repository.find("publications", refs), [one, null, other, one, null, null]);
    },
  ),
];
