import { type Engine, type Kind, ORDERS, type Page } from "oncecode";
import { createCampaignWithCodes, DISCOUNT, type Fixture } from "./fixture.ts";

/** Text of which the order by code point differs from the order of a dictionary and from the order of UTF-16. */
const WORDS = ["b", "B", "a", "é", "�", "😀", "a", "_", "%", "10", "9"];

/** Creates more than ten records of every kind. Some have equal sort keys, and every optional field is missing in some. */
export const createSampleRecords = async (fixture: Fixture): Promise<void> => {
  const { engine, campaigns, customers, vouchers, publications, setTime } = fixture;
  await createCampaignWithCodes(
    engine,
    "spring",
    WORDS.slice(0, 9).map((word, i) => `${word}-${i}`),
  );
  for (const [i, name] of WORDS.entries())
    await customers.upsert({
      phone: "1",
      ...(i % 3 === 0 ? {} : { sourceId: `${name}${i}` }),
      ...(i % 2 === 0 ? { name } : {}),
    });
  for (const name of new Set(WORDS)) await campaigns.create({ name, voucher: DISCOUNT });
  for (const [i, channel] of WORDS.entries()) {
    setTime(`2026-03-0${3 + (i % 3)}T00:00:00.000Z`);
    const customer = i % 2 === 0 ? { email: `${channel}@example.test` } : `${channel}${i % 4}`;
    const campaign = { name: "spring", count: i === 0 ? 2 : 1 };
    await publications.create({ campaign, customer, channel }).catch(() => "the pool is empty");
  }
  for (const word of ["a", "B"]) await campaigns.update(word, { description: "changed" });
  for (const code of ["LATE", "LATER"]) await vouchers.create({ code, ...DISCOUNT });
  await vouchers.update("LATE", { additionalInfo: "changed" });
};

type ListMethods = { readonly [K in Kind]: (query: object) => Promise<Page<{ readonly id: string }>> };

/** The list method of every kind, all of one type. */
export const listMethods = ({ publications, vouchers, campaigns, customers }: Engine): ListMethods => ({
  publications: (query) => publications.list(query),
  vouchers: (query) => vouchers.list(query),
  campaigns: (query) => campaigns.list(query),
  customers: (query) => customers.list(query),
});

export const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

/** Every order of a kind, in both directions. */
export const ordersOf = (kind: Kind): readonly string[] => ORDERS[kind].flatMap((by) => [by, `-${by}`]);
