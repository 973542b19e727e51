import { publishOneByOne, type Request, type Subject, type SubjectOptions } from "../subjects/subject.ts";
import { noCodesLeftError, randomRank } from "./draws.ts";
import { customerCtes } from "./postgres-record.ts";
import { hasLeft, openSchema, openVoucherPool } from "./postgres-schema.ts";

/** A way to find free vouchers. */
interface DrawMethod {
  readonly name: string;
  readonly indexColumn: "rank" | "id";
  /** The SQL after the condition that a voucher is free. $3 is the number of vouchers, and $4 comes from `startValues`. */
  readonly sql: string;
  /** The values for $4, one list per try. */
  startValues(): readonly (readonly unknown[])[];
}

const publishStatement = (draw: string): string => `
  with ${customerCtes("$1")},
  pick as materialized (
    select id, code from vouchers where campaign_id = 1 and publication_id is null ${draw}),
  request_codes as (
    select array_agg(code) as codes from pick having count(*) = $3),
  publication as (
    insert into publications (campaign_id, customer_id, source_id, channel, metadata, codes)
    select 1, customer.id, $2, 'API', '{}', request_codes.codes from request_codes, customer
    returning id, customer_id)
  update vouchers as v set publication_id = publication.id, holder_id = publication.customer_id, updated_at = now()
  from publication, pick where v.id = pick.id and v.publication_id is null returning v.code`;

const PUBLISH_BY_CODE = publishStatement("and code = $4 for update");

const openTarget = async (url: string, options: SubjectOptions, draw: DrawMethod) => {
  const schema = await openSchema(url, options);
  const { pool } = schema;
  const target = await openVoucherPool(schema, options, draw.indexColumn);
  const publishByDraw = publishStatement(draw.sql);

  const tryOnce = async (request: Request, start: readonly unknown[]): Promise<readonly string[] | null> => {
    const statement =
      request.code === null ? { name: "by draw", text: publishByDraw } : { name: "by code", text: PUBLISH_BY_CODE };
    const values = [request.customer, request.sourceId, request.count, ...start];
    const { rows } = await pool.query<{ readonly code: string }>({ ...statement, values });
    return rows.length === request.count ? rows.map(({ code }) => code) : null;
  };

  const publishOne = async (request: Request): Promise<readonly string[]> => {
    do {
      for (const start of request.code === null ? draw.startValues() : [[request.code], [request.code]]) {
        const codes = await tryOnce(request, start);
        if (codes !== null) return codes;
      }
      // Locked vouchers are skipped. They may become free when their transactions end.
    } while (request.code === null && (await hasLeft(pool, request.count)));
    throw noCodesLeftError(request);
  };

  return { ...target, publish: publishOneByOne(publishOne) };
};

const drawSubject = (url: string, draw: DrawMethod): Subject => ({
  name: draw.name,
  batchSize: 1,
  mayRepeatCodes: false,
  open: (options) => openTarget(url, options, draw),
});

/**
 * The code that a good engineer would write by hand for PostgreSQL: a random draw along an index, a claim with a lock and a
 * condition, the customer, the key and the record, in one prepared statement. It has no filters, no failed publications and no
 * replays.
 */
export const preparedClaim = (url: string): Subject =>
  drawSubject(url, {
    name: "prepared claim per call",
    indexColumn: "rank",
    sql: "and rank >= $4 order by rank limit $3 for update skip locked",
    startValues: () => [[randomRank()], [0]],
  });

/** `preparedClaim` with the most common draw, `order by random()`. It sorts the whole pool. */
export const randomOrder = (url: string): Subject => ({
  ...drawSubject(url, {
    name: "order by random() … skip locked",
    indexColumn: "rank",
    sql: "order by random() limit $3 for update skip locked",
    startValues: () => [[]],
  }),
  isSlow: true,
});

/** `preparedClaim` with the draw of a queue. All callers want the first voucher, and walk past those that others took. */
export const firstFree = (url: string): Subject =>
  drawSubject(url, {
    name: "first free … skip locked",
    indexColumn: "id",
    sql: "order by id limit $3 for update skip locked",
    startValues: () => [[]],
  });
