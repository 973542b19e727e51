import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, outcomeTexts, publish, settleOne } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  instant,
  key,
  knownCustomer,
  NOW,
  TOMORROW,
  voucher,
  voucherSelection,
  writtenCustomer,
  YESTERDAY,
} from "../sample-records.ts";

/** The answers of `settle`. */
export const settleLaws: LawGroup = (law) => [
  law(
    "settle answers each draft, in order",
    "a caller would get the publication and the code of another caller",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 5);
      const owned = draft(campaignSelection(testCampaign), { keys: [key("owned")] });
      await publish(repository, owned);
      const drafts = [
        draft(campaignSelection(testCampaign, { count: 9 })),
        draft(campaignSelection(testCampaign, { count: 2 })),
        draft(campaignSelection(testCampaign), { keys: [key("owned")] }),
        draft(voucherSelection(voucher())),
        draft(campaignSelection(testCampaign)),
        draft(campaignSelection(testCampaign), { customer: knownCustomer(customer()) }),
      ];
      const settlements = await repository.settle(drafts);
      assert.deepEqual(outcomeTexts(settlements), [
        "short",
        "published",
        `owned by ${owned.publication.id}`,
        "unsuitable: gone",
        "published",
        "stale",
      ]);
      const ids = settlements.map((settlement) => ("publication" in settlement ? settlement.publication.id : null));
      assert.deepEqual(
        [ids[1], ids[4]],
        [drafts[1], drafts[4]].map((one) => one?.publication.id),
      );
    },
  ),

  law(
    "a repeated draft is `owned` by its own publication, whatever has changed since",
    "after a lost answer, a retry would publish a second code or report a failure that did not happen",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 1);
      const buyer = customer();
      const first = draft(campaignSelection(testCampaign), {
        customer: writtenCustomer(creation(buyer)),
        keys: [key("a")],
      });
      const { publication } = await publish(repository, first);
      await repository.put("customers", [change(buyer, { name: "Ann" })]);
      await repository.remove("campaigns", [testCampaign.id]);
      assert.deepEqual(await settleOne(repository, first), { type: "owned", publication });
      assert.deepEqual(await repository.count([{ kind: "publications", filter: { type: "and", filters: [] } }]), [1]);
    },
  ),

  law(
    "if several keys of a draft have owners, the first of these keys decides",
    "the engine tells a replay from a conflict by the owner of the first key",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 9);
      const [a, b, c, d] = [key("a"), key("b"), key("c"), key("d")];
      const ofA = await publish(repository, draft(campaignSelection(testCampaign), { keys: [a] }));
      const ofB = await publish(repository, draft(campaignSelection(testCampaign), { keys: [d, b] }));
      const settlements = await Promise.all(
        [
          [c, b, a],
          [a, b],
          [b, a],
          [a, d],
          [d, c, a],
        ].map((keys) => settleOne(repository, draft(campaignSelection(testCampaign), { keys }))),
      );
      const owners = [ofB, ofA, ofB, ofA, ofB].map(({ publication }) => `owned by ${publication.id}`);
      assert.deepEqual(outcomeTexts(settlements), owners);
    },
  ),

  law("keys are compared exactly", "the requests of two customers would be treated as one", async (repository) => {
    const keys = [
      "k",
      "K",
      "k ",
      " k",
      "\uff4b",
      "\u00e9",
      "e\u0301",
      "e",
      "__proto__",
      "constructor",
      '["k"]',
      "k%",
      "😀",
    ];
    const { testCampaign } = await createCampaignWithVouchers(repository, keys.length);
    const drafts = keys.map((name) => draft(campaignSelection(testCampaign), { keys: [key(name)] }));
    const settlements = await repository.settle(drafts);
    assert.deepEqual(
      outcomeTexts(settlements),
      keys.map(() => "published"),
    );
    const again = await repository.settle(
      keys.map((name) => draft(campaignSelection(testCampaign), { keys: [key(name)] })),
    );
    assert.deepEqual(
      outcomeTexts(again),
      drafts.map(({ publication }) => `owned by ${publication.id}`),
    );
  }),

  law(
    "the owner of the draft's id is checked first, then the owners of its keys, then everything else",
    "a repeated request would fail because of a later change, instead of getting its first answer",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const [a, b] = [key("a"), key("b")];
      const first = draft(campaignSelection(testCampaign), { keys: [a] });
      const second = draft(campaignSelection(testCampaign), { keys: [b] });
      await repository.settle([first, second]);
      const gone = { customer: knownCustomer(customer()), keys: [key("unowned"), b] };
      const drafts = [
        draft(campaignSelection(testCampaign), gone),
        draft(campaignSelection(testCampaign, { revision: 7 }), { ...gone, keys: [a] }),
        draft(campaignSelection(testCampaign, { count: 3 }), { keys: [b] }),
        ...vouchers.map((taken) => draft(voucherSelection(taken), { keys: [a] })),
        { ...first, keys: [b, a], customer: knownCustomer(customer()) },
      ];
      const settlements = await Promise.all(drafts.map((one) => settleOne(repository, one)));
      assert.deepEqual(
        outcomeTexts(settlements),
        [second, first, second, first, first, first].map(({ publication }) => `owned by ${publication.id}`),
      );
    },
  ),

  law(
    "a draft is `stale` if its customer or its campaign has changed since the decision",
    "newer data of a customer would be lost, or a code would be published under old rules",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 9);
      const { testCampaign: removed } = await createCampaignWithVouchers(repository, 9);
      await repository.remove("campaigns", [removed.id]);
      const [known, other, gone] = [customer(), customer(), customer()];
      await repository.put("customers", [creation(known), creation(other), creation(gone)]);
      await repository.put("customers", [change(known, { name: "Ann" })]);
      await repository.remove("customers", [gone.id]);
      const write = (...of: Parameters<typeof change<typeof known>>) => writtenCustomer(change(...of));
      const draftFor = (draftCustomer: ReturnType<typeof write>) =>
        draft(campaignSelection(testCampaign), { customer: draftCustomer });
      const stale = [
        draftFor(knownCustomer(customer())),
        draftFor(knownCustomer(gone)),
        draftFor(write(known, { name: "Bob" })),
        draftFor(write({ ...known, revision: 3 }, { name: "Bob" })),
        draftFor(write(gone, { name: "Bob" })),
        draftFor(writtenCustomer(creation(known))),
        draftFor(writtenCustomer(creation(customer({ sourceId: other.sourceId })))),
        draftFor(write({ ...known, revision: 2 }, { sourceId: other.sourceId })),
        draft(campaignSelection({ ...testCampaign, revision: 2 })),
        draft(campaignSelection({ ...testCampaign, revision: 0 })),
        draft(campaignSelection(removed)),
        draft(campaignSelection(removed, { count: 99 })),
        draft(voucherSelection(voucher()), { customer: knownCustomer(gone) }),
        draft(campaignSelection(testCampaign, { count: 99 }), { customer: knownCustomer(gone) }),
      ];
      for (const one of stale) assert.equal((await settleOne(repository, one)).type, "stale");
      const { vouchers } = await publish(repository, draftFor(write({ ...known, revision: 2 }, { name: "Cid" })));
      assert.equal(vouchers.length, 1);
    },
  ),

  law(
    "a named voucher is unsuitable if it is published, disabled, expired or gone; the first of these is the reason",
    "a code would be published twice, or the error would give the wrong reason",
    async (repository) => {
      const justExpired = instant(NOW);
      const notYet = instant("2026-03-02T09:15:04.121Z");
      const disabled = voucher({ active: false });
      const disabledAndExpired = voucher({ active: false, expirationDate: YESTERDAY });
      const expired = [voucher({ expirationDate: YESTERDAY }), voucher({ expirationDate: justExpired })];
      const removed = voucher();
      const suitable = [voucher(), voucher({ expirationDate: notYet }), voucher({ startDate: TOMORROW })];
      await repository.add([disabled, disabledAndExpired, ...expired, removed, ...suitable]);
      await repository.remove("vouchers", [removed.id]);

      const taken = voucher({ expirationDate: TOMORROW });
      await repository.add([taken]);
      const { vouchers } = await publish(repository, draft(voucherSelection(taken)));
      const disableWrites = vouchers.map((one) => change(one, { active: false, expirationDate: YESTERDAY }));
      assert.deepEqual(await repository.put("vouchers", disableWrites), ["written"]);

      const named = [taken, disabledAndExpired, disabled, ...expired, removed, voucher(), ...suitable];
      const settlements = await repository.settle(named.map((one) => draft(voucherSelection(one))));
      assert.deepEqual(outcomeTexts(settlements), [
        "unsuitable: published",
        "unsuitable: disabled",
        "unsuitable: disabled",
        "unsuitable: expired",
        "unsuitable: expired",
        "unsuitable: gone",
        "unsuitable: gone",
        ...suitable.map(() => "published"),
      ]);
    },
  ),
];
