import type { Draft, DraftCustomer, FailedDraft, Publications, Settlement, Success, VoucherRecord } from "oncecode";
import { type Allocation, stale, VoucherAllocator } from "./claim.ts";
import { changeCount } from "./connections.ts";
import type { Store } from "./store.ts";

// Conditional although the voucher was read in this same transaction: nothing may publish it twice.
const CLAIM_VOUCHER = `update or fail oncecode_vouchers
  set publication_id = ?, holder_id = ?, expiration_date = ?, updated_at = ?, revision = ?, set_aside = 0
  where id = ? and publication_id is null and active = 1`;
const INSERT_KEY = "insert into oncecode_keys (key, publication_id) values (?, ?)";
const INSERT_ATTEMPT = "insert into oncecode_attempts (publication_id, voucher_id, code) values (?, ?, ?)";

/**
 * Settles a batch in one transaction. Each draft is decided before anything of it is written, so a refusal leaves
 * nothing to undo; only a failure of SQLite undoes anything, and then it is the whole batch.
 */
export const publications = (store: Store): Publications => {
  const { statements, tables, transactions } = store;

  const ownerOf = ({ publication: { id }, keys }: Draft): Success | null => {
    const own = tables.publications.find({ id });
    if (own?.result === "SUCCESS") return own;
    for (const key of keys) {
      const owner = tables.publications.find({ name: key });
      if (owner?.result === "SUCCESS") return owner;
    }
    return null;
  };

  const isStale = (customer: DraftCustomer): boolean =>
    customer.type === "known"
      ? !tables.customers.has(customer.id)
      : !tables.customers.isCurrent(customer.write) || tables.customers.isNameTaken(customer.write.record);

  const writeCustomer = (customer: DraftCustomer): void => {
    if (customer.type === "write") tables.customers.write(customer.write);
  };

  /** The voucher as it is once it is the publication's. */
  const publishedBy =
    ({ publication, now, expirationDate }: Draft) =>
    (voucher: VoucherRecord): VoucherRecord => ({
      ...voucher,
      holderId: publication.customerId,
      publicationId: publication.id,
      expirationDate: expirationDate ?? voucher.expirationDate,
      updatedAt: now,
      revision: voucher.revision + 1,
    });

  const storePublished = (voucher: VoucherRecord): void => {
    const { id, publicationId, holderId, expirationDate, updatedAt, revision } = voucher;
    const row = [publicationId, holderId, expirationDate, updatedAt, revision];
    if (changeCount(statements.of(CLAIM_VOUCHER), ...row, id) !== 1)
      throw new Error(`${id} changed inside a transaction: this is a bug in oncecode/sqlite`);
  };

  const publish = (draft: Draft, { present, fresh, spares }: Allocation): Settlement => {
    const taken = present.map(publishedBy(draft));
    const made = fresh.map(publishedBy(draft));
    const vouchers = [...taken, ...made];
    const publication: Success = {
      ...draft.publication,
      codes: vouchers.map(({ code }) => code),
      voucherIds: vouchers.map(({ id }) => id),
    };
    writeCustomer(draft.customer);
    for (const voucher of taken) storePublished(voucher);
    for (const voucher of made) tables.vouchers.insert(voucher);
    for (const voucher of spares) tables.vouchers.insert(voucher);
    tables.publications.insert(publication);
    for (const key of draft.keys) statements.of(INSERT_KEY).run(key, publication.id);
    return { type: "published", publication, vouchers };
  };

  const settleOne = (draft: Draft, chooser: VoucherAllocator): Settlement => {
    const publication = ownerOf(draft);
    if (publication !== null) return { type: "owned", publication };
    if (isStale(draft.customer)) return stale;
    const taken = chooser.choose(draft);
    return taken.type === "taking" ? publish(draft, taken) : taken;
  };

  const settleAll = (drafts: readonly Draft[]): readonly Settlement[] => {
    const chooser = new VoucherAllocator(store);
    return drafts.map((draft) => settleOne(draft, chooser));
  };

  const recordOne = ({ publication, customer }: FailedDraft): "recorded" | "stale" => {
    if (tables.publications.has(publication.id)) return "recorded";
    if (isStale(customer)) return "stale";
    writeCustomer(customer);
    tables.publications.insert(publication);
    const { id, codes, voucherIds } = publication;
    for (const voucherId of voucherIds) statements.of(INSERT_ATTEMPT).run(id, voucherId, null);
    for (const code of codes) statements.of(INSERT_ATTEMPT).run(id, null, code);
    return "recorded";
  };

  return {
    settle: (drafts) => transactions.write(() => settleAll(drafts)),
    record: (failures) => transactions.write(() => failures.map(recordOne)),
  };
};
