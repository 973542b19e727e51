import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, drain, publish, refsByCode, refsById, storedPublication } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  key,
  knownCustomer,
  LATER,
  NOW,
  TOMORROW,
  voucher,
  voucherSelection,
  vouchersOf,
  writtenCustomer,
} from "../sample-records.ts";

/** The records that a publication writes. */
export const publicationWriteLaws: LawGroup = (law) => [
  law(
    "a publication is stored as drafted, with the codes and ids of its vouchers",
    "the codes of a customer could not be found, or codes of another customer would be shown",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 5);
      const keys = [key("a"), key("b")];
      const origin = { type: "campaign", campaignId: testCampaign.id, count: 3 } as const;
      const details = {
        channel: "😀 %_",
        metadata: { a: [1, "x"] },
        sourceId: "order-1",
        campaign: testCampaign.name,
        origin,
      };
      const one = draft(campaignSelection(testCampaign, { count: 3 }), { keys, publication: details });
      const settlement = await publish(repository, one);
      const { publication } = settlement;
      assert.deepEqual(publication, storedPublication(one, settlement));
      assert.equal(new Set(publication.codes).size, 3);
      assert.ok(publication.voucherIds.every((id) => vouchers.some((poolVoucher) => poolVoucher.id === id)));

      const refs = [{ id: publication.id }, ...keys.map((name) => ({ name })), { name: publication.id }];
      assert.deepEqual(await repository.find("publications", refs), [publication, publication, publication, null]);
    },
  ),

  law(
    "a published voucher has its holder, publication and time; nothing else changes",
    "a checkout could not see whose code it is, or an update would be lost",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 4, {
        metadata: { tier: "gold" },
        expirationDate: TOMORROW,
      });
      const one = draft(campaignSelection(testCampaign, { count: 2 }), { publication: { createdAt: NOW }, now: NOW });
      const settlement = await publish(repository, one);
      const { id, customerId } = settlement.publication;
      const taken = settlement.publication.codes.map((code) =>
        vouchers.find((poolVoucher) => poolVoucher.code === code),
      );
      assert.deepEqual(
        settlement.vouchers,
        taken.map((before) => ({ ...before, holderId: customerId, publicationId: id, updatedAt: NOW, revision: 2 })),
      );
      assert.deepEqual(await repository.find("vouchers", refsById(settlement.vouchers)), settlement.vouchers);
      assert.deepEqual(await repository.find("vouchers", refsByCode(settlement.vouchers)), settlement.vouchers);
      const untouched = vouchers.filter((poolVoucher) => !taken.includes(poolVoucher));
      assert.deepEqual(await repository.find("vouchers", refsById(untouched)), untouched);
    },
  ),

  law(
    "a published voucher gets the draft's expiration date, and keeps its own if the draft has none",
    "a code that is valid for some days after its publication would never expire, or expire at once",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 2, { expirationDate: TOMORROW });
      const voucherWithoutCampaign = voucher();
      await repository.add([voucherWithoutCampaign]);
      const settlements = [
        await publish(repository, draft(campaignSelection(testCampaign), { expirationDate: LATER })),
        await publish(repository, draft(campaignSelection(testCampaign))),
        await publish(repository, draft(voucherSelection(voucherWithoutCampaign), { expirationDate: LATER })),
      ];
      const dates = settlements.flatMap(({ vouchers }) => vouchers.map((taken) => taken.expirationDate));
      assert.deepEqual(dates, [LATER, TOMORROW, LATER]);
      const refs = settlements.flatMap(({ vouchers }) => vouchers.map((taken) => ({ id: taken.id })));
      const stored = await repository.find("vouchers", refs);
      assert.deepEqual(
        stored.map((taken) => taken?.expirationDate),
        dates,
      );
    },
  ),

  law(
    "a publication writes its draft's customer, and leaves a known customer unchanged",
    "a publication would have no customer, or newer data of a customer would be lost",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 4);
      const [known, made, changed] = [customer(), customer({ sourceId: null }), customer({ email: "a@example.test" })];
      await repository.put("customers", [creation(known), creation(changed)]);
      const update = change(changed, { email: null, metadata: { vip: true } });
      const named = change(update.record, { sourceId: changed.sourceId, name: "Ann" });
      const writes = [creation(made), update, named].map(writtenCustomer);
      const published = [];
      for (const draftCustomer of [knownCustomer(known), ...writes])
        published.push(await publish(repository, draft(campaignSelection(testCampaign), { customer: draftCustomer })));
      const customers = [known, made, changed];
      assert.deepEqual(await repository.find("customers", refsById(customers)), [known, made, named.record]);
      assert.deepEqual(
        published.flatMap(({ vouchers }) => vouchers.map(({ holderId }) => holderId)),
        [known, made, changed, changed].map(({ id }) => id),
      );
      const bySourceId = [known, changed].map(({ sourceId }) => ({ name: sourceId ?? "" }));
      assert.deepEqual(await repository.find("customers", bySourceId), [known, named.record]);
    },
  ),

  law(
    "a voucher that is published by name leaves the pool, and each voucher of a pool is drawn once",
    "a second customer would get the code",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 7);
      const named = vouchers.slice(2, 4);
      for (const one of named) await publish(repository, draft(voucherSelection(one)));
      const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
      const codes = drawn.flatMap(({ publication }) => publication.codes);
      const rest = vouchers.filter((one) => !named.includes(one)).map(({ code }) => code);
      assert.deepEqual(codes.sort(), rest.sort());
    },
  ),

  law(
    "from any start rank in [0, 1), a draw reaches the whole pool",
    "the last codes of a campaign would never be published",
    async (repository) => {
      const almostOne = 1 - Number.EPSILON / 2;
      for (const rank of [0, 0.5, almostOne])
        for (const at of [0, 0.25, almostOne]) {
          const { testCampaign } = await createCampaignWithVouchers(repository, 0);
          await repository.add(vouchersOf(testCampaign, 3, { rank }));
          const drawn = await drain(repository, () => draft(campaignSelection(testCampaign, { startRank: at })));
          assert.equal(drawn.length, 3, `of 3 vouchers of rank ${rank}, drawn from ${at}`);
        }
    },
  ),
];
