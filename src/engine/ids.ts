import type { CampaignId, CustomerId, Instant, PublicationId, VoucherId } from "../domain/model.ts";
import type { IdPrefix } from "../options.ts";
import { encodeTime, type Random } from "./random.ts";

/** New ids, by kind of record. */
export interface Ids {
  publication(): PublicationId;
  voucher(): VoucherId;
  campaign(): CampaignId;
  customer(): CustomerId;
}

/** Letters and digits after the prefix (contract 1.5). */
const ID_LENGTH: Readonly<Record<IdPrefix, number>> = { pub_: 32, v_: 32, camp_: 24, cust_: 24 };

/**
 * The time as text. The text of the last millisecond is reused: most calls come within one millisecond, and writing a
 * time as text takes longer than reading the clock.
 */
export const instantClock = (clock: () => Date): (() => Instant) => {
  let [time, text] = [Number.NaN, ""];
  return () => {
    const now = clock();
    if (now.getTime() !== time) [time, text] = [now.getTime(), now.toISOString()];
    return text as Instant;
  };
};

/** Ids that begin with the time, so that new records are at the end of the index of ids. */
export const timeOrderedIds = (clock: () => Date, random: Random): ((prefix: IdPrefix) => string) => {
  let [milliseconds, time] = [Number.NaN, ""];
  return (prefix) => {
    const now = clock().getTime();
    if (now !== milliseconds) [milliseconds, time] = [now, encodeTime(now)];
    return prefix + time + random.alphanumeric(ID_LENGTH[prefix] - time.length);
  };
};

export const idsFrom = (nextId: (prefix: IdPrefix) => string): Ids => ({
  publication: () => nextId("pub_") as PublicationId,
  voucher: () => nextId("v_") as VoucherId,
  campaign: () => nextId("camp_") as CampaignId,
  customer: () => nextId("cust_") as CustomerId,
});
