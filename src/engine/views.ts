import type { Customer, PublicationRecord, Success, VoucherRecord } from "../domain/model.ts";
import type { CustomerSummary, Publication, Voucher } from "../face.ts";
import type { Runtime } from "./runtime.ts";
import { together } from "./together.ts";

/** Records as the host sees them, with what belongs to them from elsewhere. */

const summaryOf = ({ id, sourceId, name, email, metadata }: Customer): CustomerSummary => ({
  id,
  sourceId,
  name,
  email,
  metadata,
});

/** What is left to show of a customer who has been deleted. */
const traceOf = ({ customerId, trackingId }: PublicationRecord): CustomerSummary => ({
  id: customerId,
  sourceId: trackingId,
  name: null,
  email: null,
  metadata: {},
});

export const voucherView = (
  { rank: _rank, publicationId: _publicationId, ...voucher }: VoucherRecord,
  publication: Success | null,
): Voucher =>
  Object.assign(voucher, { publish: { count: publication === null ? (0 as const) : (1 as const), publication } });

type Shown<P extends PublicationRecord> = P & Pick<Publication, "customer" | "voucher">;

export const publicationView = <P extends PublicationRecord>(
  publication: P,
  customer: Customer | null,
  voucher: VoucherRecord | null,
): Shown<P> => ({
  ...publication,
  customer: customer === null ? traceOf(publication) : summaryOf(customer),
  ...(voucher !== null && publication.result === "SUCCESS" ? { voucher: voucherView(voucher, publication) } : {}),
});

/** A stored publication with its customer and, if it is of one code, its voucher. */
export const showPublication =
  ({ find }: Runtime) =>
  async <P extends PublicationRecord>(publication: P): Promise<Shown<P>> => {
    const [id, ...more] = publication.voucherIds;
    const [customer, voucher] = await together([
      find("customers", { id: publication.customerId }),
      id === undefined || more.length > 0 ? null : find("vouchers", { id }),
    ]);
    return publicationView(publication, customer, voucher);
  };

/** A stored voucher with the publication that gave it to its holder. */
export const showVoucher =
  ({ find }: Runtime) =>
  async (voucher: VoucherRecord): Promise<Voucher> => {
    const id = voucher.publicationId;
    const publication = id === null ? null : await find("publications", { id });
    return voucherView(voucher, publication?.result === "SUCCESS" ? publication : null);
  };
