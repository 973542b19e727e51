import fc from "fast-check";
import {
  ATTRIBUTES,
  type Attribute,
  columnOf,
  type Engine,
  type Filter,
  isOncecodeError,
  type Kind,
  type Operator,
  ORDERS,
} from "oncecode";
import * as edgeCases from "./edge-case-data.ts";

/** A call of the engine. */
export type Command = (engine: Engine) => Promise<unknown>;

const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The result of a call as text, with sorted keys. Stores may return the properties of a record in any order. */
export const outcome = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    return JSON.stringify(await call(), sortKeys) ?? "nothing";
  } catch (error) {
    if (!isOncecodeError(error)) throw error;
    const { code, message } = error;
    return JSON.stringify({ code, message, path: "path" in error ? error.path : null });
  }
};

const DISCOUNT = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;
const GIFT = { type: "GIFT_VOUCHER", gift: { amount: 100 } } as const;

const campaign = fc.constantFrom("c", "C", "😀");
const customer = fc.constantFrom("ann", "Ann", "b%", "_", "😀", "10", "9");
const code = fc.constantFrom("K1", "k1", "K%", "K_", "😀", "é", "e\u0301", "10", "9", "'");
const sourceId = fc.constantFrom(null, null, "s", "S", "%");

const profile = fc.record(
  {
    sourceId: customer,
    name: fc.option(edgeCases.text),
    email: fc.option(edgeCases.name),
    metadata: edgeCases.metadata,
  },
  { requiredKeys: ["sourceId"] },
);

/** Adds a voucher if the campaign has no unpublished one. With two in a pool, stores may draw different ones. */
const addVoucher: fc.Arbitrary<Command> = fc.tuple(campaign, code, edgeCases.metadata).map(
  ([name, text, metadata]): Command =>
    async ({ campaigns, vouchers }) => {
      const { total, published } = await campaigns.summary(name);
      return total > published ? null : vouchers.create({ campaign: name, code: text, metadata });
    },
);

const create: fc.Arbitrary<Command> = fc
  .record({
    name: campaign,
    type: fc.constantFrom("STATIC" as const, "AUTO_UPDATE" as const),
    joinOnce: fc.boolean(),
    expirationDate: fc.constantFrom(null, null, "2026-02-01", "2026-03-02"),
    activityDurationAfterPublishing: fc.option(fc.constant("P1D")),
    metadata: edgeCases.metadata,
    voucher: fc.constantFrom({ ...DISCOUNT, codeConfig: { pattern: "#" } }, { ...GIFT, isReferralCode: true }),
  })
  .map(
    (input): Command =>
      ({ campaigns }) =>
        campaigns.create(input),
  );

const publish: fc.Arbitrary<Command> = fc
  .record({
    source: fc.oneof(
      fc.record({ campaign: fc.record({ name: campaign, count: fc.constantFrom(1, 1, 1, 2) }) }),
      fc.record({ voucher: code }),
    ),
    customer: fc.oneof(customer, profile),
    channel: fc.option(edgeCases.name),
    metadata: fc.option(edgeCases.metadata),
    sourceId,
    joinOnce: fc.boolean(),
  })
  .map(
    ({ source, ...input }): Command =>
      ({ publications }) =>
        publications.create({ ...source, ...input }),
  );

const changeRecord: fc.Arbitrary<Command> = fc.oneof(
  code.map(
    (text): Command =>
      ({ vouchers }) =>
        vouchers.get(text),
  ),
  code.map(
    (text): Command =>
      ({ vouchers }) =>
        vouchers.disable(text),
  ),
  code.map(
    (text): Command =>
      ({ vouchers }) =>
        vouchers.enable(text),
  ),
  code.map(
    (text): Command =>
      ({ vouchers }) =>
        vouchers.delete(text),
  ),
  code.map(
    (text): Command =>
      ({ vouchers }) =>
        vouchers.create({ ...DISCOUNT, code: text }),
  ),
  fc.tuple(code, edgeCases.metadata).map(
    ([text, metadata]): Command =>
      ({ vouchers }) =>
        vouchers.update(text, { metadata }),
  ),
  campaign.map(
    (name): Command =>
      ({ campaigns }) =>
        campaigns.summary(name),
  ),
  campaign.map(
    (name): Command =>
      ({ campaigns }) =>
        campaigns.delete(name),
  ),
  fc.tuple(campaign, fc.option(fc.constantFrom("2026-02-02", "2026-04-01"))).map(
    ([name, expirationDate]): Command =>
      ({ campaigns }) =>
        campaigns.update(name, { expirationDate }),
  ),
  profile.map(
    (input): Command =>
      ({ customers }) =>
        customers.upsert(input),
  ),
  customer.map(
    (id): Command =>
      ({ customers }) =>
        customers.get(id),
  ),
  customer.map(
    (id): Command =>
      ({ customers }) =>
        customers.delete(id),
  ),
);

export const commands: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    fc.array(create, { minLength: 3, maxLength: 5 }),
    fc.array(
      fc.oneof(
        { weight: 1, arbitrary: create },
        { weight: 4, arbitrary: addVoucher },
        { weight: 9, arbitrary: publish },
        { weight: 4, arbitrary: changeRecord },
      ),
      { minLength: 10, maxLength: 40 },
    ),
  )
  .map(([first, rest]) => [...first, ...rest]);

const OPERATORS: Readonly<Record<string, readonly Operator[]>> = {
  text: [
    "is",
    "isNot",
    "in",
    "notIn",
    "hasValue",
    "isUnknown",
    "contains",
    "notContain",
    "startsWith",
    "endsWith",
    "moreThan",
    "lessThan",
    "moreThanEqual",
    "lessThanEqual",
  ],
  instant: [
    "is",
    "isNot",
    "in",
    "notIn",
    "hasValue",
    "isUnknown",
    "moreThan",
    "lessThan",
    "moreThanEqual",
    "lessThanEqual",
    "after",
    "before",
  ],
  boolean: ["is", "isNot", "in", "notIn", "hasValue", "isUnknown"],
};
const TEXTS = [...(OPERATORS.text ?? []), "count", "countMore", "countLess"] as const;
const INSTANTS = ["2026-03-01T00:00:01.000Z", "2026-03-01T00:00:03.000Z", "2026-04-01T00:00:00.000Z"];

const operandFor = (type: string, operator: Operator): fc.Arbitrary<string | number | boolean> => {
  if (operator.startsWith("count")) return fc.constantFrom(0, 1, 2);
  if (type === "instant") return fc.constantFrom(...INSTANTS);
  return type === "boolean"
    ? fc.constantFrom(true, false, "true", "false")
    : type === "json"
      ? edgeCases.operand
      : edgeCases.text;
};

const attributeOf = (kind: Kind): fc.Arbitrary<Attribute> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(ATTRIBUTES[kind]) as Attribute[])) },
    { weight: 1, arbitrary: edgeCases.metadataKey.map((key): Attribute => `metadata.${key}`) },
  );

const conditionOf = (kind: Kind): fc.Arbitrary<Filter> =>
  attributeOf(kind).chain((attribute) => {
    const type = columnOf(kind, attribute)?.type ?? "json";
    return fc.constantFrom(...(OPERATORS[type] ?? TEXTS)).chain((operator) => {
      const unary = operator === "hasValue" || operator === "isUnknown";
      const many = operator === "in" || operator === "notIn";
      const [minLength, maxLength] = unary ? [0, 0] : many ? [1, 3] : [1, 1];
      return fc
        .array(operandFor(type, operator), { minLength, maxLength })
        .map((operands): Filter => ({ type: "condition", attribute, operator, operands }));
    });
  });

const filterOf = (kind: Kind, depth: number): fc.Arbitrary<Filter> =>
  depth === 0
    ? conditionOf(kind)
    : fc.oneof(
        conditionOf(kind),
        fc.record({
          type: fc.constantFrom("and", "or"),
          filters: fc.array(filterOf(kind, depth - 1), { maxLength: 3 }),
        }),
      );

const pageOf = <K extends Kind>(kind: K) =>
  fc.record({
    kind: fc.constant(kind),
    filters: filterOf(kind, 2),
    order: fc.tuple(fc.constantFrom("", "-"), fc.constantFrom(...ORDERS[kind])).map(([sign, by]) => sign + by),
    limit: fc.integer({ min: 1, max: 4 }),
  });

/** Reads lists of all kinds to their end by cursor, with the totals. */
export const lists: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(pageOf("publications"), pageOf("vouchers"), pageOf("campaigns"), pageOf("customers")).map(
    ({ kind, ...query }): Command =>
      async (engine) => {
        const pages: unknown[] = [];
        // Each kind has its own query type. The generated query has the type of its kind, so this cast is correct.
        const list = engine[kind].list as (query: object) => ReturnType<Engine["publications"]["list"]>;
        for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
          const page = await list({ ...query, cursor });
          pages.push(page.data);
          if (cursor === null) pages.push(await page.total());
          cursor = page.next;
        }
        return pages;
      },
  ),
  { minLength: 4, maxLength: 8 },
);
