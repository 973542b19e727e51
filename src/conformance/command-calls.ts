import { and, where } from "../domain/filters.ts";
import type { Campaign, Customer, Instant, VoucherRecord } from "../domain/model.ts";
import { unexpiredAt } from "../domain/vouchers.ts";
import type { Draft, DraftCustomer, Repository, VoucherSelection, Write } from "../repository.ts";
import { CODE_COUNT, type Command, type CustomerChoice, type DraftChoice, type VoucherChoice } from "./commands.ts";
import {
  campaign,
  campaignId,
  campaignSelection,
  change,
  code,
  creation,
  customer,
  customerId,
  draft,
  failedDraft,
  key,
  publicationId,
  voucher,
  voucherId,
  voucherOf,
} from "./sample-records.ts";

export type RepositoryCall = (repository: Repository) => Promise<unknown>;

const findCampaign = async (model: Repository, recordNumber: number): Promise<Campaign | null> =>
  (await model.find("campaigns", [{ id: `camp_${recordNumber}` }]))[0] ?? null;
const findCustomer = async (model: Repository, recordNumber: number): Promise<Customer | null> =>
  (await model.find("customers", [{ id: `cust_${recordNumber}` }]))[0] ?? null;
const findVoucher = async (model: Repository, recordNumber: number): Promise<VoucherRecord | null> =>
  (await model.find("vouchers", [{ id: `v_${recordNumber}` }]))[0] ?? null;

const outdatedIf = <R>(write: Write<R>, isOutdated: boolean): Write<R> =>
  isOutdated ? { ...write, replaces: (write.replaces ?? 0) + 7 } : write;

const customerWrite = async (model: Repository, choice: CustomerChoice): Promise<Write<Customer>> => {
  const existingRecord = await findCustomer(model, choice.recordNumber);
  const { name } = choice;
  const newSourceId = choice.sourceId === null || choice.isOutdated ? null : `shop-${choice.sourceId}`;
  const write =
    existingRecord === null
      ? creation(customer({ id: customerId(`cust_${choice.recordNumber}`), sourceId: newSourceId, name }))
      : change(existingRecord, { sourceId: existingRecord.sourceId ?? newSourceId, name });
  return outdatedIf(write, choice.isOutdated);
};

const toDraftCustomer = async (model: Repository, choice: CustomerChoice): Promise<DraftCustomer> =>
  choice.isKnown
    ? { type: "known", id: customerId(`cust_${choice.recordNumber}`) }
    : { type: "write", write: await customerWrite(model, choice) };

/** The number of vouchers that a draw could take. */
const poolSize = async (model: Repository, { id }: Campaign, at: Instant): Promise<number> => {
  const pool = and<string>(
    where("campaignId").is(id),
    where("active").is(true),
    where("publicationId").isUnknown(),
    unexpiredAt(at),
  );
  return (await model.count([{ kind: "vouchers", filter: pool }]))[0] ?? 0;
};

const selectionOf = async (model: Repository, choice: DraftChoice, isLast: boolean): Promise<VoucherSelection> => {
  if (choice.voucherNumber !== null) return { type: "voucher", voucherId: voucherId(`v_${choice.voucherNumber}`) };
  const testCampaign =
    (await findCampaign(model, choice.campaignNumber)) ?? campaign({ id: campaignId(`camp_${choice.campaignNumber}`) });
  const size = await poolSize(model, testCampaign, choice.now);
  return campaignSelection(testCampaign, {
    revision: testCampaign.revision + (choice.isOutdated ? 7 : 0),
    count: Math.max(1, size + choice.countBeyondPool),
    fresh: choice.fresh.map((i) => voucherOf(testCampaign, { code: code(`code ${i}`) })),
    // With spares, a later draft of the call would draw one of several vouchers at random.
    spares: isLast ? choice.spares : 0,
  });
};

/** The engine never puts two drafts with one of these in common into one call. */
const conflictKeys = ({ publication, customer: draftCustomer, selection, keys }: Draft): readonly string[] => [
  publication.id,
  ...keys,
  ...(selection.type === "voucher" ? [selection.voucherId] : []),
  ...(draftCustomer.type === "write"
    ? [
        draftCustomer.write.record.id,
        ...(draftCustomer.write.record.sourceId === null ? [] : [draftCustomer.write.record.sourceId]),
      ]
    : []),
];

const toDrafts = async (model: Repository, choices: readonly DraftChoice[]): Promise<readonly Draft[]> => {
  const drafts: Draft[] = [];
  const usedKeys = new Set<string>();
  for (const [i, choice] of choices.entries()) {
    const one = draft(await selectionOf(model, choice, i === choices.length - 1), {
      customer: await toDraftCustomer(model, choice.customer),
      publication: { id: publicationId(`pub_${choice.publication}`) },
      keys: choice.keys.map((n) => key(`key ${n}`)),
      now: choice.now,
      expirationDate: choice.expirationDate,
    });
    // The engine never names a known customer that does not exist yet.
    const isCustomerMissing =
      one.customer.type === "known" && (await findCustomer(model, choice.customer.recordNumber)) === null;
    const draftKeys = isCustomerMissing ? [...conflictKeys(one), one.publication.customerId] : conflictKeys(one);
    if (!draftKeys.some((draftKey) => usedKeys.has(draftKey))) drafts.push(one);
    for (const draftKey of draftKeys) usedKeys.add(draftKey);
  }
  return drafts;
};

const newVoucher = async (
  model: Repository,
  { recordNumber, campaignNumber, expirationDate }: VoucherChoice,
): Promise<VoucherRecord> => {
  const details = {
    id: voucherId(`v_${recordNumber}`),
    code: code(`code ${recordNumber % CODE_COUNT}`),
    expirationDate,
  };
  if (campaignNumber === null) return voucher(details);
  const testCampaign = await findCampaign(model, campaignNumber);
  const missingCampaignDetails = {
    campaignId: campaignId(`camp_${campaignNumber}`),
    campaign: `campaign ${campaignNumber}`,
    code: code(`lost ${recordNumber}`),
  };
  return testCampaign === null ? voucher({ ...details, ...missingCampaignDetails }) : voucherOf(testCampaign, details);
};

/** Makes a call from a command, by the current state of the model. */
export const toCall = async (model: Repository, command: Command): Promise<RepositoryCall> => {
  switch (command.type) {
    case "settle": {
      const drafts = await toDrafts(model, command.drafts);
      return (repository) => repository.settle(drafts);
    }
    case "add": {
      const vouchers = await Promise.all(command.vouchers.map((one) => newVoucher(model, one)));
      return (repository) => repository.add(vouchers);
    }
    case "campaign": {
      const existingRecord = await findCampaign(model, command.recordNumber);
      const { startDate, expirationDate } = command;
      const dates = { startDate, expirationDate };
      const details = {
        id: campaignId(`camp_${command.recordNumber}`),
        name: `campaign ${command.recordNumber}`,
        ...dates,
      };
      const write = existingRecord === null ? creation(campaign(details)) : change(existingRecord, dates);
      return (repository) => repository.put("campaigns", [outdatedIf(write, command.isOutdated)]);
    }
    case "customer": {
      const write = await customerWrite(model, command.customer);
      return (repository) => repository.put("customers", [write]);
    }
    case "voucher": {
      const existingRecord = await findVoucher(model, command.voucher.recordNumber);
      const voucherWithoutCampaign = await newVoucher(model, { ...command.voucher, campaignNumber: null });
      const { active } = command;
      const write =
        existingRecord === null
          ? creation(voucherWithoutCampaign)
          : change(existingRecord, { active, expirationDate: command.voucher.expirationDate });
      return (repository) =>
        repository.put("vouchers", [existingRecord === null ? write : outdatedIf(write, command.isOutdated)]);
    }
    case "fail": {
      const id = publicationId(`failed_${command.publication}`);
      const failure = failedDraft({ id }, await toDraftCustomer(model, command.customer));
      return (repository) => repository.record([failure]);
    }
    case "remove": {
      const prefix = { campaigns: "camp", customers: "cust", vouchers: "v" }[command.kind];
      const ids = command.recordNumbers.map((recordNumber) => `${prefix}_${recordNumber}`);
      return (repository) => repository.remove(command.kind, ids);
    }
  }
};
