import type { CustomerSummary } from "../api/customers.ts";
import type { Publication } from "../api/publications.ts";
import type { Voucher } from "../api/vouchers.ts";
import type { Customer, PublicationRecord, SuccessfulPublication, VoucherRecord } from "../domain/model.ts";
import { awaitAll } from "./await-all.ts";
import type { Runtime } from "./runtime.ts";

// Records as the host sees them, with parts of the records that they refer to.

const customerSummary = ({ id, sourceId, name, email, metadata }: Customer): CustomerSummary => ({
  id,
  sourceId,
  name,
  email,
  metadata,
});

/** The summary of a deleted customer: only the ids are left. */
const deletedCustomerSummary = ({ customerId, trackingId }: PublicationRecord): CustomerSummary => ({
  id: customerId,
  sourceId: trackingId,
  name: null,
  email: null,
  metadata: {},
});

export const voucherView = (
  { rank: _rank, publicationId: _publicationId, ...voucher }: VoucherRecord,
  publication: SuccessfulPublication | null,
): Voucher =>
  Object.assign(voucher, { publish: { count: publication === null ? (0 as const) : (1 as const), publication } });

type PublicationView<P extends PublicationRecord> = P & Pick<Publication, "customer" | "voucher">;

export const publicationView = <P extends PublicationRecord>(
  publication: P,
  customer: Customer | null,
  voucher: VoucherRecord | null,
): PublicationView<P> => ({
  ...publication,
  customer: customer === null ? deletedCustomerSummary(publication) : customerSummary(customer),
  ...(voucher !== null && publication.result === "SUCCESS" ? { voucher: voucherView(voucher, publication) } : {}),
});

/** Adds the customer to a stored publication, and the voucher to a publication with one code. */
export const loadPublicationView =
  ({ find }: Runtime) =>
  async <P extends PublicationRecord>(publication: P): Promise<PublicationView<P>> => {
    const [id, ...more] = publication.voucherIds;
    const [customer, voucher] = await awaitAll([
      find("customers", { id: publication.customerId }),
      id === undefined || more.length > 0 ? null : find("vouchers", { id }),
    ]);
    return publicationView(publication, customer, voucher);
  };

/** Adds its publication to a stored voucher. */
export const loadVoucherView =
  ({ find }: Runtime) =>
  async (voucher: VoucherRecord): Promise<Voucher> => {
    const id = voucher.publicationId;
    const publication = id === null ? null : await find("publications", { id });
    return voucherView(voucher, publication?.result === "SUCCESS" ? publication : null);
  };
