import { type Draft, publicationWithVouchers, publishedVoucher, type Settlement, type VoucherRecord } from "oncecode";
import type { Allocation } from "./allocation.ts";
import { changeCount } from "./connections.ts";
import type { Store } from "./store.ts";

// This transaction has read the voucher, so the condition is always true. It stays: a wrong allocation must publish nothing.
const CLAIM_VOUCHER = `update or fail oncecode_vouchers
  set publication_id = ?, holder_id = ?, expiration_date = ?, updated_at = ?, revision = ?, set_aside = 0
  where id = ? and publication_id is null and active = 1`;
const INSERT_KEY = "insert into oncecode_keys (key, publication_id) values (?, ?)";

/** Writes drafts with the vouchers that they were allocated. */
export const claimWriter = ({ statements, tables }: Store): ((draft: Draft, allocation: Allocation) => Settlement) => {
  const updatePublished = (voucher: VoucherRecord): void => {
    const { id, publicationId, holderId, expirationDate, updatedAt, revision } = voucher;
    const values = [publicationId, holderId, expirationDate, updatedAt, revision];
    if (changeCount(statements.of(CLAIM_VOUCHER), ...values, id) !== 1)
      throw new Error(`${id} changed inside a transaction: this is a bug in oncecode/sqlite`);
  };

  return (draft, { existing, fresh, spares }) => {
    const updated = existing.map((voucher) => publishedVoucher(draft, voucher));
    const inserted = fresh.map((voucher) => publishedVoucher(draft, voucher));
    const vouchers = [...updated, ...inserted];
    const publication = publicationWithVouchers(draft, vouchers);
    if (draft.customer.type === "write") tables.customers.write(draft.customer.write);
    for (const voucher of updated) updatePublished(voucher);
    for (const voucher of inserted) tables.vouchers.insert(voucher);
    for (const voucher of spares) tables.vouchers.insert(voucher);
    tables.publications.insert(publication);
    for (const key of draft.keys) statements.of(INSERT_KEY).run(key, publication.id);
    return { type: "published", publication, vouchers };
  };
};
