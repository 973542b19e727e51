import type pg from "pg";

/** The vouchers belong to this many campaigns. */
const CAMPAIGNS = 500;

/** Inserts `size` vouchers and customers into a schema. Half of the vouchers are published. */
export const insertBulkRows = async (pool: pg.Pool, schema: string, size: number): Promise<void> => {
  const at = (i: string): string =>
    `to_char(timestamp '2026-01-01' + ${i} * interval '1 s', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
  await pool.query(`
    insert into ${schema}.oncecode_campaigns
      select 'camp_' || i, 'spring-' || i, 'STATIC', 'DISCOUNT_COUPONS', 0, 1, null, null, ${at("i")}, null, 1, '{}', '{}'
      from generate_series(0, ${CAMPAIGNS - 1}) as i;
    insert into ${schema}.oncecode_customers
      select 'cust_' || i, 'shop-' || i, null, null, null, null, ${at("i")}, null, 1, '{}', '{}'
      from generate_series(1, ${size}) as i;
    insert into ${schema}.oncecode_vouchers (id, code, campaign_id, campaign, type, is_referral_code, active, created_at,
        revision, holder_id, publication_id, rank, metadata, details)
      select 'v_' || i, 'CODE-' || i, 'camp_' || i / 2 % ${CAMPAIGNS}, 'spring-' || i / 2 % ${CAMPAIGNS}, 'DISCOUNT_VOUCHER', 0, 1, ${at("i")}, 1,
        case when i % 2 = 0 then 'cust_' || i end, case when i % 2 = 0 then 'pub_' || i end, random(), '{}', '{}'
      from generate_series(1, ${size}) as i;
    insert into ${schema}.oncecode_pool (id, campaign_id, rank, expiration_date, revision)
      select id, campaign_id, rank, expiration_date, revision from ${schema}.oncecode_vouchers where publication_id is null;
    insert into ${schema}.oncecode_publications
      select 'pub_' || i, 'SUCCESS', ${at("i")}, 'cust_' || i, 'shop-' || i, 'API', 'order-' || i, 'camp_' || i / 2 % ${CAMPAIGNS},
        'spring-' || i / 2 % ${CAMPAIGNS},
        'DISCOUNT_VOUCHER', 0, null, '["CODE-' || i || '"]', '["v_' || i || '"]', '{}', '{}'
      from generate_series(2, ${size}, 2) as i;
    insert into ${schema}.oncecode_claims
      select 'v_' || i, 'CODE-' || i, 'pub_' || i, 'cust_' || i from generate_series(2, ${size}, 2) as i;
    insert into ${schema}.oncecode_keys
      select md5('order-' || i) || md5(i::text), 'pub_' || i from generate_series(2, ${size}, 2) as i`);
  for (const table of ["campaigns", "customers", "vouchers", "pool", "publications", "claims", "keys"])
    await pool.query(`analyze ${schema}.oncecode_${table}`);
};
