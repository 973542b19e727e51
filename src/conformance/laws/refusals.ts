import assert from "node:assert/strict";
import type { Draft, Repository } from "../../repository.ts";
import type { Law, LawCheck, LawGroup } from "../law.ts";
import {
  createCampaignWithVouchers,
  drain,
  isPublished,
  outcomeText,
  outcomeTexts,
  publish,
  refsById,
  settleOne,
  storedPublication,
} from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  key,
  unique,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
  writtenCustomer,
} from "../sample-records.ts";

/** A draft that is refused, and the selection of a later draft with the same customer, keys and fresh vouchers. */
interface RefusalCase {
  readonly refusedDraft: Draft;
  readonly outcome: string;
  readonly retrySelection: Draft["selection"];
}
type CreateRefusal = (repository: Repository, details: Pick<Draft, "customer" | "keys">) => Promise<RefusalCase>;

const refusals: Readonly<Record<string, CreateRefusal>> = {
  short: async (repository, details) => {
    const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
    const fresh = [voucherOf(testCampaign), ...vouchers.map(({ code }) => voucherOf(testCampaign, { code }))];
    const refusedDraft = draft(campaignSelection(testCampaign, { count: 4, fresh, spares: 9 }), details);
    return { refusedDraft, outcome: "short", retrySelection: campaignSelection(testCampaign, { count: 3, fresh }) };
  },
  owned: async (repository, details) => {
    const { testCampaign } = await createCampaignWithVouchers(repository, 2);
    const name = key(unique("key"));
    const first = draft(campaignSelection(testCampaign), { keys: [name] });
    await publish(repository, first);
    const fresh = vouchersOf(testCampaign, 2);
    const refusedDraft = draft(campaignSelection(testCampaign, { count: 2, fresh }), {
      ...details,
      keys: [...details.keys, name],
    });
    return {
      refusedDraft,
      outcome: `owned by ${first.publication.id}`,
      retrySelection: campaignSelection(testCampaign, { count: 3, fresh }),
    };
  },
  stale: async (repository, details) => {
    const { testCampaign } = await createCampaignWithVouchers(repository, 1);
    const fresh = vouchersOf(testCampaign, 2);
    const refusedDraft = draft(
      campaignSelection({ ...testCampaign, revision: 7 }, { count: 2, fresh, spares: 1 }),
      details,
    );
    return { refusedDraft, outcome: "stale", retrySelection: campaignSelection(testCampaign, { count: 3, fresh }) };
  },
  unsuitable: async (repository, details) => {
    const [disabled, suitable] = [voucher({ active: false }), voucher()];
    await repository.add([disabled, suitable]);
    return {
      refusedDraft: draft(voucherSelection(disabled), details),
      outcome: "unsuitable: disabled",
      retrySelection: voucherSelection(suitable),
    };
  },
};

/** Checks that no record of the draft exists. */
const assertNothingStored = async (
  repository: Repository,
  { publication, selection }: Draft,
  keys: Draft["keys"],
): Promise<void> => {
  const names = keys.map((name) => ({ name }));
  const found = await repository.find("publications", [{ id: publication.id }, ...names]);
  const fresh = selection.type === "voucher" ? [] : refsById(selection.fresh);
  const vouchers = fresh.length === 0 ? [] : await repository.find("vouchers", fresh);
  assert.ok([...found, ...vouchers].every((record) => record === null));
};

const storesNothing =
  (createRefusal: CreateRefusal): LawCheck =>
  async (repository) => {
    const known = customer();
    await repository.put("customers", [creation(known)]);
    const customers = [creation(customer()), change(known, { name: "Ann", metadata: { new: true } })];
    for (const [i, write] of customers.entries()) {
      const details = { customer: writtenCustomer(write), keys: [key(`a${i}`), key(`b${i}`)] };
      const { refusedDraft, outcome, retrySelection } = await createRefusal(repository, details);
      assert.equal(outcomeText(await settleOne(repository, refusedDraft)), outcome);
      await assertNothingStored(repository, refusedDraft, details.keys);
      const { id, sourceId } = write.record;
      const before = write.replaces === null ? null : known;
      assert.deepEqual(await repository.find("customers", [{ id }, { name: sourceId ?? "" }]), [before, before]);

      const next = { ...draft(retrySelection, details), publication: refusedDraft.publication };
      const settlement = await publish(repository, next);
      assert.deepEqual(settlement.publication, storedPublication(next, settlement));
      if (retrySelection.type === "campaign")
        assert.deepEqual(await drain(repository, () => draft({ ...retrySelection, fresh: [] })), []);
      assert.deepEqual(await repository.find("customers", [{ id }]), [write.record]);
    }
  };

const consequences: Readonly<Record<string, string>> = {
  short: "codes would be lost, and the next request of the customer would get a publication that does not exist",
  owned: "the second of two equal requests would publish a code, or change the customer",
  stale: "a code would be published under old rules",
  unsuitable: "the next request of the customer would get a publication that does not exist",
};

/** A draft that is not published writes nothing. */
export const refusalLaws: LawGroup = (law): readonly Law[] => [
  ...Object.entries(refusals).map(([name, createRefusal]) =>
    law(
      `a draft that is \`${name}\` stores no customer, key, code, voucher or publication`,
      consequences[name] ?? "",
      storesNothing(createRefusal),
    ),
  ),

  law(
    "a draft gets all its vouchers or none",
    "a customer would get too few codes, or a code would leave the pool and belong to nobody",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 5);
      const settlements = await repository.settle(
        [3, 3, 2].map((count) => draft(campaignSelection(testCampaign, { count }))),
      );
      assert.deepEqual(outcomeTexts(settlements), ["published", "short", "published"]);
      const publications = settlements.filter(isPublished).map(({ publication }) => publication);
      assert.deepEqual(
        publications.map(({ codes, voucherIds }) => [new Set(codes).size, new Set(voucherIds).size]),
        [
          [3, 3],
          [2, 2],
        ],
      );
      const refs = refsById(vouchers);
      for (const stored of await repository.find("vouchers", refs)) {
        const publication = publications.find(({ id }) => id === stored?.publicationId);
        assert.ok(
          stored !== null && publication?.voucherIds.includes(stored.id) && publication.customerId === stored.holderId,
        );
      }
    },
  ),
];
