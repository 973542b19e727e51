import type { CampaignMethods } from "./campaigns.ts";
import type { CustomerMethods } from "./customers.ts";
import type { PublicationMethods } from "./publications.ts";
import type { VoucherMethods } from "./vouchers.ts";

/**
 * The public API: the engine, made of the methods in the other files of this folder.
 * These files hold types only, and import only types of the domain and of the errors.
 */

/** Every method rejects with an `OncecodeError`, and with nothing else but what your own callbacks throw. */
export interface Engine {
  readonly campaigns: CampaignMethods;
  readonly vouchers: VoucherMethods;
  readonly customers: CustomerMethods;
  readonly publications: PublicationMethods;
}

/** Of an engine whose repository can take part in a transaction of the host's. */
export interface TransactionalEngine<T> extends Engine {
  /**
   * The same engine inside the host's own open transaction: what it publishes is there when the host commits, and
   * available again when the host rolls back.
   */
  within(transaction: T): Engine;
}
