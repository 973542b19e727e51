import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, publish, refsById } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  failedDraft,
  key,
  knownCustomer,
  writtenCustomer,
} from "../sample-records.ts";

/** The method `record`. */
export const recordLaws: LawGroup = (law) => [
  law(
    "record stores each failure with its customer, answers in order, and stores a repeated failure once",
    "the list of failed publications would have gaps or repetitions, or name the wrong customer",
    async (repository) => {
      const [known, old] = [customer(), customer()];
      await repository.put("customers", [creation(known), creation(old)]);
      const made = customer();
      const update = change(old, { name: "Ann" });
      const failures = [
        failedDraft({ failureCode: "voucher_already_published", metadata: { "a.b": [1] } }, knownCustomer(known)),
        failedDraft({}, knownCustomer(customer())),
        failedDraft({ failureMessage: "%_'\"\\" }, writtenCustomer(creation(made))),
        failedDraft({}, writtenCustomer(change({ ...known, revision: 2 }, { name: "Bob" }))),
        failedDraft({}, writtenCustomer(update)),
        failedDraft({}, writtenCustomer(creation(customer({ sourceId: made.sourceId })))),
      ];
      const answers = ["recorded", "stale", "recorded", "stale", "recorded", "stale"] as const;
      assert.deepEqual(await repository.record(failures), answers);
      assert.deepEqual(
        await repository.find("publications", refsById(failures.map(({ publication }) => publication))),
        failures.map(({ publication }, i) => (answers[i] === "recorded" ? publication : null)),
      );
      assert.deepEqual(await repository.find("customers", refsById([known, made, old])), [known, made, update.record]);
      const recorded = failures.filter((_, i) => answers[i] === "recorded");
      assert.deepEqual(await repository.record(recorded.toReversed()), ["recorded", "recorded", "recorded"]);
      assert.deepEqual(await repository.count([{ kind: "publications", filter: and() }]), [3]);
    },
  ),

  law(
    "a failed publication owns no key and no voucher",
    "a customer whose request failed could never try again",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 1);
      const keys = [key("order-1")];
      const { publication } = failedDraft({ sourceId: "order-1" });
      const buyer = creation(customer());
      await repository.record([{ publication, customer: writtenCustomer(buyer) }]);
      assert.deepEqual(await repository.find("publications", [{ name: "order-1" }, { name: publication.id }]), [
        null,
        null,
      ]);
      const settlement = await publish(
        repository,
        draft(campaignSelection(testCampaign), {
          keys,
          customer: knownCustomer(buyer.record),
          publication: { sourceId: "order-1" },
        }),
      );
      assert.deepEqual(await repository.find("publications", [{ name: "order-1" }]), [settlement.publication]);
    },
  ),
];
