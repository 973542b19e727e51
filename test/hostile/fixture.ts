import { createEngine, type Engine, type Kind, type Repository } from "oncecode";

const discount = { type: "PERCENT", percentOff: 10 } as const;

/** An engine that records no failures, so that a refused call must leave the store unchanged. */
export const createHostileEngine = (repository: Repository): Engine =>
  createEngine({
    repository,
    recordFailures: false,
    metadataSchemas: {
      publications: { definitions: { tier: { type: "string", eq: ["gold", "silver"], optional: true } } },
      customers: { definitions: { age: { type: "number", gte: 0, optional: true } } },
    },
  });

/** Creates the records that the attacks refer to. */
export const createRecords = async (engine: Engine): Promise<void> => {
  const { campaigns, vouchers, customers, publications } = engine;
  await campaigns.create({
    name: "spring",
    voucher: { discount },
    vouchersCount: 3,
    metadata: { a: [1, { b: null }] },
  });
  await campaigns.create({
    name: "auto",
    type: "AUTO_UPDATE",
    voucher: { type: "GIFT_VOUCHER", gift: { amount: 500 } },
  });
  await campaigns.create({ name: "once", joinOnce: true, voucher: { discount }, vouchersCount: 2 });
  await campaigns.create({
    name: "tiny",
    voucher: { discount, codeConfig: { pattern: "#", charset: "0123456789", prefix: "TINY-" } },
    expirationDate: "2039-12-31",
  });
  await vouchers.create({ code: "SOLO", discount });
  await vouchers.create({ code: "GIVEN", discount });
  await customers.upsert({ sourceId: "shop-1", email: "ann@example.test", name: "Ann" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1", channel: "newsletter" });
};

const KINDS: readonly Kind[] = ["campaigns", "vouchers", "customers", "publications"];

/** All records of the store as JSON. */
export const dump = async (repository: Repository): Promise<string> => {
  const records = await Promise.all(
    KINDS.map((kind) =>
      repository.page({
        kind,
        filter: { type: "and", filters: [] },
        by: "id",
        descending: false,
        after: null,
        offset: 0,
        limit: 1000,
      }),
    ),
  );
  return JSON.stringify(records);
};
