import { and, where } from "../domain/filters.ts";
import type { Campaign, Customer, Instant, VoucherRecord } from "../domain/model.ts";
import type { Draft, DraftCustomer, Repository, VoucherSelection, Write } from "../repository.ts";
import { CODES, type Command, type CustomerChoice, type DraftChoice, type VoucherChoice } from "./commands.ts";
import {
  campaign,
  campaignId,
  change,
  code,
  creation,
  customer,
  customerId,
  draft,
  failedDraft,
  key,
  publicationId,
  takeFrom,
  voucher,
  voucherId,
  voucherOf,
} from "./records.ts";

export type Call = (repository: Repository) => Promise<unknown>;

const theCampaign = async (model: Repository, slot: number): Promise<Campaign | null> =>
  (await model.find("campaigns", [{ id: `camp_${slot}` }]))[0] ?? null;
const theCustomer = async (model: Repository, slot: number): Promise<Customer | null> =>
  (await model.find("customers", [{ id: `cust_${slot}` }]))[0] ?? null;
const theVoucher = async (model: Repository, slot: number): Promise<VoucherRecord | null> =>
  (await model.find("vouchers", [{ id: `v_${slot}` }]))[0] ?? null;

const off = <R>(write: Write<R>, isOff: boolean): Write<R> =>
  isOff ? { ...write, replaces: (write.replaces ?? 0) + 7 } : write;

const customerWrite = async (model: Repository, choice: CustomerChoice): Promise<Write<Customer>> => {
  const present = await theCustomer(model, choice.slot);
  const { name } = choice;
  const wanted = choice.sourceId === null || choice.outdated ? null : `shop-${choice.sourceId}`;
  const write =
    present === null
      ? creation(customer({ id: customerId(`cust_${choice.slot}`), sourceId: wanted, name }))
      : change(present, { sourceId: present.sourceId ?? wanted, name });
  return off(write, choice.outdated);
};

const customerOf = async (model: Repository, choice: CustomerChoice): Promise<DraftCustomer> =>
  choice.known
    ? { type: "known", id: customerId(`cust_${choice.slot}`) }
    : { type: "write", write: await customerWrite(model, choice) };

/** How many vouchers a draw could take. */
const poolSize = async (model: Repository, { id }: Campaign, at: Instant): Promise<number> => {
  const pool = and<string>(where("campaignId").is(id), where("active").is(true), where("publicationId").isUnknown(), {
    type: "or",
    filters: [where("expirationDate").isUnknown(), where("expirationDate").after(at)],
  });
  return (await model.count([{ kind: "vouchers", filter: pool }]))[0] ?? 0;
};

const takeOf = async (model: Repository, choice: DraftChoice, isLast: boolean): Promise<VoucherSelection> => {
  if (choice.named !== null) return { type: "voucher", voucherId: voucherId(`v_${choice.named}`) };
  const owner = (await theCampaign(model, choice.campaign)) ?? campaign({ id: campaignId(`camp_${choice.campaign}`) });
  const size = await poolSize(model, owner, choice.now);
  return takeFrom(owner, {
    revision: owner.revision + (choice.outdated ? 7 : 0),
    count: Math.max(1, size + choice.beyond),
    fresh: choice.fresh.map((i) => voucherOf(owner, { code: code(`code ${i}`) })),
    // A draft behind this one would have a choice.
    spares: isLast ? choice.spares : 0,
  });
};

/** What the engine keeps apart: no two drafts of a call have these in common. */
const claims = ({ publication, customer: by, selection, keys }: Draft): readonly string[] => [
  publication.id,
  ...keys,
  ...(selection.type === "voucher" ? [selection.voucherId] : []),
  ...(by.type === "write"
    ? [by.write.record.id, ...(by.write.record.sourceId === null ? [] : [by.write.record.sourceId])]
    : []),
];

const draftsOf = async (model: Repository, choices: readonly DraftChoice[]): Promise<readonly Draft[]> => {
  const drafts: Draft[] = [];
  const claimed = new Set<string>();
  for (const [i, choice] of choices.entries()) {
    const one = draft(await takeOf(model, choice, i === choices.length - 1), {
      customer: await customerOf(model, choice.customer),
      publication: { id: publicationId(`pub_${choice.publication}`) },
      keys: choice.keys.map((n) => key(`key ${n}`)),
      now: choice.now,
      expirationDate: choice.expirationDate,
    });
    // The engine does not know of a customer before it is made.
    const isUnmade = one.customer.type === "known" && (await theCustomer(model, choice.customer.slot)) === null;
    const names = isUnmade ? [...claims(one), one.publication.customerId] : claims(one);
    if (!names.some((name) => claimed.has(name))) drafts.push(one);
    for (const name of names) claimed.add(name);
  }
  return drafts;
};

const newVoucher = async (
  model: Repository,
  { slot, campaign: of, expirationDate }: VoucherChoice,
): Promise<VoucherRecord> => {
  const details = { id: voucherId(`v_${slot}`), code: code(`code ${slot % CODES}`), expirationDate };
  if (of === null) return voucher(details);
  const owner = await theCampaign(model, of);
  const lost = { campaignId: campaignId(`camp_${of}`), campaign: `campaign ${of}`, code: code(`lost ${slot}`) };
  return owner === null ? voucher({ ...details, ...lost }) : voucherOf(owner, details);
};

/** The call that a command stands for, now. */
export const callOf = async (model: Repository, chosen: Command): Promise<Call> => {
  switch (chosen.type) {
    case "settle": {
      const drafts = await draftsOf(model, chosen.drafts);
      return (repository) => repository.settle(drafts);
    }
    case "add": {
      const vouchers = await Promise.all(chosen.vouchers.map((one) => newVoucher(model, one)));
      return (repository) => repository.add(vouchers);
    }
    case "campaign": {
      const present = await theCampaign(model, chosen.slot);
      const { startDate, expirationDate } = chosen;
      const dates = { startDate, expirationDate };
      const details = { id: campaignId(`camp_${chosen.slot}`), name: `campaign ${chosen.slot}`, ...dates };
      const write = present === null ? creation(campaign(details)) : change(present, dates);
      return (repository) => repository.put("campaigns", [off(write, chosen.outdated)]);
    }
    case "customer": {
      const write = await customerWrite(model, chosen.customer);
      return (repository) => repository.put("customers", [write]);
    }
    case "voucher": {
      const present = await theVoucher(model, chosen.voucher.slot);
      const standalone = await newVoucher(model, { ...chosen.voucher, campaign: null });
      const { active } = chosen;
      const write =
        present === null
          ? creation(standalone)
          : change(present, { active, expirationDate: chosen.voucher.expirationDate });
      return (repository) => repository.put("vouchers", [present === null ? write : off(write, chosen.outdated)]);
    }
    case "fail": {
      const id = publicationId(`failed_${chosen.publication}`);
      const failure = failedDraft({ id }, await customerOf(model, chosen.customer));
      return (repository) => repository.record([failure]);
    }
    case "remove": {
      const prefix = { campaigns: "camp", customers: "cust", vouchers: "v" }[chosen.kind];
      const ids = chosen.slots.map((slot) => `${prefix}_${slot}`);
      return (repository) => repository.remove(chosen.kind, ids);
    }
  }
};
