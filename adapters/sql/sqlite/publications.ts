import type { Draft, DraftCustomer, FailedDraft, Publications, Settlement, SuccessfulPublication } from "oncecode";
import { stale, VoucherAllocator } from "./allocation.ts";
import { claimWriter } from "./claim.ts";
import type { Store } from "./store.ts";

const INSERT_FAILURE = "insert into oncecode_failures (publication_id, voucher_id, code) values (?, ?, ?)";

/**
 * Settles a batch in one transaction. Each draft is decided before any of its rows are written, so a refused draft leaves
 * nothing to undo. If SQLite fails, the whole batch is rolled back.
 */
export const publications = (store: Store): Publications => {
  const { statements, tables, transactions } = store;
  const writeClaim = claimWriter(store);

  const findOwner = ({ publication: { id }, keys }: Draft): SuccessfulPublication | null => {
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

  const settleOne = (draft: Draft, allocator: VoucherAllocator): Settlement => {
    const publication = findOwner(draft);
    if (publication !== null) return { type: "owned", publication };
    if (isStale(draft.customer)) return stale;
    const allocated = allocator.allocate(draft);
    return allocated.type === "allocation" ? writeClaim(draft, allocated) : allocated;
  };

  const settleAll = (drafts: readonly Draft[]): readonly Settlement[] => {
    const allocator = new VoucherAllocator(store);
    return drafts.map((draft) => settleOne(draft, allocator));
  };

  const recordOne = ({ publication, customer }: FailedDraft): "recorded" | "stale" => {
    if (tables.publications.has(publication.id)) return "recorded";
    if (isStale(customer)) return "stale";
    if (customer.type === "write") tables.customers.write(customer.write);
    tables.publications.insert(publication);
    const { id, codes, voucherIds } = publication;
    for (const voucherId of voucherIds) statements.of(INSERT_FAILURE).run(id, voucherId, null);
    for (const code of codes) statements.of(INSERT_FAILURE).run(id, null, code);
    return "recorded";
  };

  return {
    settle: (drafts) => transactions.write(() => settleAll(drafts)),
    record: (failures) => transactions.write(() => failures.map(recordOne)),
  };
};
