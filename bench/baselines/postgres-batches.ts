import type { Request, Subject } from "../subjects/subject.ts";
import { noCodesLeftError, randomRank } from "./draws.ts";
import { hasLeft, openSchema, openVoucherPool } from "./postgres-schema.ts";

/**
 * Publishes a batch. Each code is drawn from its own rank, past the end of the pool if necessary. If two draws find the same
 * voucher, one of the requests gets nothing.
 *
 * Customers are created in the order of their source ids, so that two batches cannot deadlock. They are looked up one by
 * one: for a join, a plan from the time when there were few customers would read them all each time. Publications are
 * numbered beforehand, so that each request has one number in all steps.
 */
const PUBLISH_BATCH = `
  with request as materialized (
    select * from unnest($1::text[], $2::text[], $3::int[], $4::text[])
      with ordinality as r (customer, source_id, count, code, no)),
  draw as materialized (
    select * from unnest($5::int[], $6::float8[]) as d (no, at)),
  new_customer as (
    insert into customers (source_id) select distinct customer from request order by customer
    on conflict (source_id) do nothing returning id, source_id),
  customer as materialized (
    select id, source_id from new_customer
    union all select existing_customer.* from (select distinct customer from request) as r cross join lateral (
      select id, source_id from customers where source_id = r.customer limit 1) as existing_customer),
  drawn_voucher as materialized (
    select draw.no, v.id, v.code from draw cross join lateral (
      select * from (
        select id, code from vouchers where campaign_id = 1 and publication_id is null and rank >= draw.at
        order by rank limit 1 for update skip locked) as above
      union all select * from (
        select id, code from vouchers where campaign_id = 1 and publication_id is null and rank < draw.at
        order by rank limit 1 for update skip locked) as below
      limit 1) as v),
  named_voucher as materialized (
    select request.no, v.id, v.code from request join vouchers as v on v.code = request.code
    where v.publication_id is null for update of v skip locked),
  pick as materialized (
    select distinct on (id) id, no, code from (
      select * from drawn_voucher union all select * from named_voucher) as p order by id, no),
  request_codes as (
    select no, array_agg(code) as codes, count(*) as count from pick group by no),
  draft as materialized (
    select nextval('publications_id_seq') as id, request.no, customer.id as customer_id, request.source_id,
      request_codes.codes
    from request join request_codes using (no, count) join customer on customer.source_id = request.customer),
  publication as (
    insert into publications (id, campaign_id, customer_id, source_id, channel, metadata, codes)
    select id, 1, customer_id, source_id, 'API', '{}', codes from draft)
  update vouchers as v set publication_id = draft.id, holder_id = draft.customer_id, updated_at = now()
  from pick join draft using (no) where v.id = pick.id and v.publication_id is null
  returning draft.no::int as no, v.code`;

interface Row {
  /** The number of the request, from 1. */
  readonly no: number;
  readonly code: string;
}

const statementValues = (requests: readonly Request[]): readonly unknown[] => {
  const draws = requests.flatMap(({ count, code }, i) => Array<number>(code === null ? count : 0).fill(i + 1));
  return [
    requests.map(({ customer }) => customer),
    requests.map(({ sourceId }) => sourceId),
    requests.map(({ count }) => count),
    requests.map(({ code }) => code),
    draws,
    draws.map(randomRank),
  ];
};

/** After so many tries without a voucher, a request counts as refused. */
const EMPTY_TRIES_MAX = 3;

/**
 * The lowest known cost of a publication on PostgreSQL: one prepared statement and one commit for 64 publications. All
 * requests must be there at the same time, with different keys. If the pool is too small for some, the others keep theirs.
 */
export const postgresInBatches = (url: string): Subject => ({
  name: "claims in batches of 64",
  batchSize: 64,
  mayRepeatCodes: false,
  open: async (options) => {
    const schema = await openSchema(url, options);
    const target = await openVoucherPool(schema, options, "rank");

    const publishSome = async (requests: readonly Request[], codesByRequest: Map<Request, string[]>): Promise<void> => {
      const { rows } = await schema.pool.query<Row>({
        name: "publish",
        text: PUBLISH_BATCH,
        values: [...statementValues(requests)],
      });
      for (const { no, code } of rows) {
        const request = requests[no - 1];
        if (request !== undefined) codesByRequest.set(request, [...(codesByRequest.get(request) ?? []), code]);
      }
    };

    const publish = async (requests: readonly Request[]): Promise<readonly (readonly string[])[]> => {
      const codesByRequest = new Map<Request, string[]>();
      for (let emptyTries = 0, pending = requests; pending.length > 0; ) {
        await publishSome(pending, codesByRequest);
        const stillPending = pending.filter((request) => !codesByRequest.has(request));
        emptyTries = stillPending.length < pending.length ? 0 : emptyTries + 1;
        pending = stillPending;
        const [first] = pending;
        if (first === undefined || emptyTries < EMPTY_TRIES_MAX) continue;
        if (first.code !== null || !(await hasLeft(schema.pool, first.count))) throw noCodesLeftError(first);
      }
      return requests.map((request) => codesByRequest.get(request) ?? []);
    };

    return { ...target, publish };
  },
});
