import assert from "node:assert/strict";
import type { VoucherSelection } from "../../repository.ts";
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
} from "../records.ts";

/** How a draft takes the one voucher that there is. */
type SelectLastVoucher = (pool: Awaited<ReturnType<typeof createCampaignWithVouchers>>) => readonly VoucherSelection[];

/** What `settle` answers. */
export const settleLaws: LawGroup = (law) => [
  law(
    "settle answers each draft, in order",
    "a caller would be told of a neighbour's publication, and given its code",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 5);
      const owned = draft(campaignSelection(owner), { keys: [key("owned")] });
      await publish(repository, owned);
      const drafts = [
        draft(campaignSelection(owner, { count: 9 })),
        draft(campaignSelection(owner, { count: 2 })),
        draft(campaignSelection(owner), { keys: [key("owned")] }),
        draft(voucherSelection(voucher())),
        draft(campaignSelection(owner)),
        draft(campaignSelection(owner), { customer: knownCustomer(customer()) }),
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
    "a draft made again is `owned` by its own publication, whatever has changed since",
    "a lost answer would cost a second code, or tell of a failure that never was",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 1);
      const buyer = customer();
      const first = draft(campaignSelection(owner), { customer: writtenCustomer(creation(buyer)), keys: [key("a")] });
      const { publication } = await publish(repository, first);
      await repository.put("customers", [change(buyer, { name: "Ann" })]);
      await repository.remove("campaigns", [owner.id]);
      assert.deepEqual(await settleOne(repository, first), { type: "owned", publication });
      assert.deepEqual(await repository.count([{ kind: "publications", filter: { type: "and", filters: [] } }]), [1]);
    },
  ),

  law(
    "of several keys, the first in the draft's order that has an owner decides",
    "whether a request is a replay or a conflict depends on which of its keys is owned",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 9);
      const [a, b, c, d] = [key("a"), key("b"), key("c"), key("d")];
      const ofA = await publish(repository, draft(campaignSelection(owner), { keys: [a] }));
      const ofB = await publish(repository, draft(campaignSelection(owner), { keys: [d, b] }));
      const settlements = await Promise.all(
        [
          [c, b, a],
          [a, b],
          [b, a],
          [a, d],
          [d, c, a],
        ].map((keys) => settleOne(repository, draft(campaignSelection(owner), { keys }))),
      );
      const owners = [ofB, ofA, ofB, ofA, ofB].map(({ publication }) => `owned by ${publication.id}`);
      assert.deepEqual(outcomeTexts(settlements), owners);
    },
  ),

  law("keys are told apart exactly", "two customers' requests would be taken for one", async (repository) => {
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
    const { owner } = await createCampaignWithVouchers(repository, keys.length);
    const drafts = keys.map((name) => draft(campaignSelection(owner), { keys: [key(name)] }));
    const settlements = await repository.settle(drafts);
    assert.deepEqual(
      outcomeTexts(settlements),
      keys.map(() => "published"),
    );
    const again = await repository.settle(keys.map((name) => draft(campaignSelection(owner), { keys: [key(name)] })));
    assert.deepEqual(
      outcomeTexts(again),
      drafts.map(({ publication }) => `owned by ${publication.id}`),
    );
  }),

  law(
    "an owner is named before anything else is looked at, and the draft's own id before its keys",
    "a repeated request would fail because the world has moved on, instead of getting its answer",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 2);
      const [a, b] = [key("a"), key("b")];
      const first = draft(campaignSelection(owner), { keys: [a] });
      const second = draft(campaignSelection(owner), { keys: [b] });
      await repository.settle([first, second]);
      const gone = { customer: knownCustomer(customer()), keys: [key("unowned"), b] };
      const drafts = [
        draft(campaignSelection(owner), gone),
        draft(campaignSelection(owner, { revision: 7 }), { ...gone, keys: [a] }),
        draft(campaignSelection(owner, { count: 3 }), { keys: [b] }),
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
    "a draft is `stale` when its customer or its campaign is not as it was when it was decided on",
    "a customer's newer data would be lost, or a code given out under rules that no longer hold",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 9);
      const { owner: removed } = await createCampaignWithVouchers(repository, 9);
      await repository.remove("campaigns", [removed.id]);
      const [known, other, gone] = [customer(), customer(), customer()];
      await repository.put("customers", [creation(known), creation(other), creation(gone)]);
      await repository.put("customers", [change(known, { name: "Ann" })]);
      await repository.remove("customers", [gone.id]);
      const write = (...of: Parameters<typeof change<typeof known>>) => writtenCustomer(change(...of));
      const draftFor = (draftCustomer: ReturnType<typeof write>) =>
        draft(campaignSelection(owner), { customer: draftCustomer });
      const stale = [
        draftFor(knownCustomer(customer())),
        draftFor(knownCustomer(gone)),
        draftFor(write(known, { name: "Bob" })),
        draftFor(write({ ...known, revision: 3 }, { name: "Bob" })),
        draftFor(write(gone, { name: "Bob" })),
        draftFor(writtenCustomer(creation(known))),
        draftFor(writtenCustomer(creation(customer({ sourceId: other.sourceId })))),
        draftFor(write({ ...known, revision: 2 }, { sourceId: other.sourceId })),
        draft(campaignSelection({ ...owner, revision: 2 })),
        draft(campaignSelection({ ...owner, revision: 0 })),
        draft(campaignSelection(removed)),
        draft(campaignSelection(removed, { count: 99 })),
        draft(voucherSelection(voucher()), { customer: knownCustomer(gone) }),
        draft(campaignSelection(owner, { count: 99 }), { customer: knownCustomer(gone) }),
      ];
      for (const one of stale) assert.equal((await settleOne(repository, one)).type, "stale");
      const { vouchers } = await publish(repository, draftFor(write({ ...known, revision: 2 }, { name: "Cid" })));
      assert.equal(vouchers.length, 1);
    },
  ),

  law(
    "a named voucher is unsuitable when it is published, disabled, expired or gone, in this order",
    "a code would be given twice, or a customer told the wrong reason",
    async (repository) => {
      const justExpired = instant(NOW);
      const notYet = instant("2026-03-02T09:15:04.121Z");
      const disabled = voucher({ active: false });
      const disabledAndExpired = voucher({ active: false, expirationDate: YESTERDAY });
      const expired = [voucher({ expirationDate: YESTERDAY }), voucher({ expirationDate: justExpired })];
      const removed = voucher();
      const fine = [voucher(), voucher({ expirationDate: notYet }), voucher({ startDate: TOMORROW })];
      await repository.add([disabled, disabledAndExpired, ...expired, removed, ...fine]);
      await repository.remove("vouchers", [removed.id]);

      const taken = voucher({ expirationDate: TOMORROW });
      await repository.add([taken]);
      const { vouchers } = await publish(repository, draft(voucherSelection(taken)));
      const disable = vouchers.map((one) => change(one, { active: false, expirationDate: YESTERDAY }));
      assert.deepEqual(await repository.put("vouchers", disable), ["written"]);

      const named = [taken, disabledAndExpired, disabled, ...expired, removed, voucher(), ...fine];
      const settlements = await repository.settle(named.map((one) => draft(voucherSelection(one))));
      assert.deepEqual(outcomeTexts(settlements), [
        "unsuitable: published",
        "unsuitable: disabled",
        "unsuitable: disabled",
        "unsuitable: expired",
        "unsuitable: expired",
        "unsuitable: gone",
        "unsuitable: gone",
        ...fine.map(() => "published"),
      ]);
    },
  ),

  law(
    "drafts of one call are settled one after another: a small one behind a big one that does not fit is published",
    "customers would be told that nothing is left because of what a stranger asked for",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 6);
      const settleCounts = (counts: readonly number[]) =>
        repository.settle(counts.map((count) => draft(campaignSelection(owner, { count }))));
      assert.deepEqual(outcomeTexts(await settleCounts([7, 2, 5, 1, 3])), [
        "short",
        "published",
        "short",
        "published",
        "published",
      ]);
      assert.deepEqual(outcomeTexts(await settleCounts([1])), ["short"]);
    },
  ),

  law(
    "drafts of one call on one voucher, by name and by draw, share it out in order",
    "a code would be given twice, or to nobody",
    async (repository) => {
      const [one, two] = [
        await createCampaignWithVouchers(repository, 1),
        await createCampaignWithVouchers(repository, 1),
      ];
      const byName = (vouchers: typeof one.vouchers) => vouchers.map((only) => draft(voucherSelection(only)));
      const drafts = [
        draft(campaignSelection(one.owner)),
        ...byName(one.vouchers),
        ...byName(two.vouchers),
        draft(campaignSelection(two.owner)),
      ];
      const settlements = await repository.settle(drafts);
      assert.deepEqual(outcomeTexts(settlements), ["published", "unsuitable: published", "published", "short"]);
    },
  ),

  law(
    "a draft takes before those behind it, also when its customer is written by one before it",
    "the last code would go to whoever came later",
    async (repository) => {
      const { owner: other } = await createCampaignWithVouchers(repository, 3);
      const selectByDraw: SelectLastVoucher = ({ owner }) => [campaignSelection(owner)];
      const name: SelectLastVoucher = ({ vouchers }) => vouchers.map(voucherSelection);
      const settleBoth = async (first: SelectLastVoucher, second: SelectLastVoucher): Promise<readonly string[]> => {
        const last = await createCampaignWithVouchers(repository, 1);
        const person = customer();
        await repository.put("customers", [creation(person)]);
        const settlements = await repository.settle([
          draft(campaignSelection(other), { customer: writtenCustomer(change(person, { name: "Ann" })) }),
          ...first(last).map((take) => draft(take, { customer: knownCustomer(person) })),
          ...second(last).map((take) => draft(take)),
        ]);
        return outcomeTexts(settlements);
      };
      assert.deepEqual(await settleBoth(selectByDraw, selectByDraw), ["published", "published", "short"]);
      assert.deepEqual(await settleBoth(selectByDraw, name), ["published", "published", "unsuitable: published"]);
      assert.deepEqual(await settleBoth(name, selectByDraw), ["published", "published", "short"]);
    },
  ),
];
