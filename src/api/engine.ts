import type { CampaignMethods } from "./campaigns.ts";
import type { CustomerMethods } from "./customers.ts";
import type { PublicationMethods } from "./publications.ts";
import type { VoucherMethods } from "./vouchers.ts";

// The folder holds the types of the public API: inputs, outputs and methods, one file per kind of record.
// It contains no code that runs.
// It imports only types.

/** Every method rejects only with an `OncecodeError`, or with an error that your own callback threw. */
export interface Engine {
  readonly campaigns: CampaignMethods;
  readonly vouchers: VoucherMethods;
  readonly customers: CustomerMethods;
  readonly publications: PublicationMethods;
}

/** An engine whose repository can take part in a transaction of the host. */
export interface TransactionalEngine<T> extends Engine {
  /**
   * The same engine inside an open transaction of the host. Its publications are stored when the host commits. After a
   * rollback their codes are available again.
   */
  within(transaction: T): Engine;
}
