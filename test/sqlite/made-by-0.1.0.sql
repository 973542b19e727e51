PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "oncecode_migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
INSERT INTO oncecode_migrations VALUES('0001-tables','2026-11-27T07:42:58.263Z');
CREATE TABLE IF NOT EXISTS "oncecode_migrations_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
INSERT INTO oncecode_migrations_lock VALUES('migration_lock',0);
CREATE TABLE oncecode_vouchers (
    id text not null primary key,
    code text not null unique,
    campaign_id text,
    campaign text,
    type text not null,
    is_referral_code integer not null,
    active integer not null,
    start_date text,
    expiration_date text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    holder_id text,
    publication_id text,
    rank real not null,
    parked integer not null default 0,
    metadata text not null,
    details text not null
  );
INSERT INTO oncecode_vouchers VALUES('v_0VChRnM8bFYWgsFUY2NPRD4dD7CfsMbm','FREE',NULL,NULL,'DISCOUNT_VOUCHER',0,1,NULL,NULL,'2026-03-02T09:15:04.120Z',NULL,1,NULL,NULL,0.099945046853147534449,0,'{}','{"discount":{"type":"PERCENT","percentOff":10},"redemption":{"quantity":null},"additionalInfo":null}');
INSERT INTO oncecode_vouchers VALUES('v_0VChRnM8c4ojfjOol57rkc5AgpJhH466','GIVEN',NULL,NULL,'DISCOUNT_VOUCHER',0,1,NULL,NULL,'2026-03-02T09:15:04.120Z','2026-03-02T09:15:04.120Z',2,'cust_0VChRnM83PEntSnbJxsDzb8y','pub_0VChRnM8bF2TzKASvU4SMxYBLbYD9OvF',0.546121134293606314,0,'{}','{"discount":{"type":"PERCENT","percentOff":10},"redemption":{"quantity":null},"additionalInfo":null}');
CREATE TABLE oncecode_publications (
    id text not null primary key,
    result text not null,
    created_at text not null,
    customer_id text not null,
    tracking_id text,
    channel text not null,
    source_id text,
    campaign_id text,
    campaign text,
    voucher_type text,
    is_referral_code integer not null,
    failure_code text,
    codes text not null,
    voucher_ids text not null,
    metadata text not null,
    details text not null
  );
INSERT INTO oncecode_publications VALUES('pub_0VChRnM8bF2TzKASvU4SMxYBLbYD9OvF','SUCCESS','2026-03-02T09:15:04.120Z','cust_0VChRnM83PEntSnbJxsDzb8y','ann','API','order-GIVEN',NULL,NULL,'DISCOUNT_VOUCHER',0,NULL,'["GIVEN"]','["v_0VChRnM8c4ojfjOol57rkc5AgpJhH466"]','{}','{"origin":{"type":"voucher","voucherId":"v_0VChRnM8c4ojfjOol57rkc5AgpJhH466"}}');
INSERT INTO oncecode_publications VALUES('pub_0VChRnM8sXNdz8fAeE3E8I7f2oyEwiU9','SUCCESS','2026-03-02T09:15:04.120Z','cust_0VChRnM83PEntSnbJxsDzb8y','ann','API','order-GONE',NULL,NULL,'DISCOUNT_VOUCHER',0,NULL,'["GONE"]','["v_0VChRnM89pyJKC74yVtVv7KnLJTLmiZy"]','{}','{"origin":{"type":"voucher","voucherId":"v_0VChRnM89pyJKC74yVtVv7KnLJTLmiZy"}}');
CREATE TABLE oncecode_claims (
    voucher_id text not null primary key,
    code text not null unique,
    publication_id text not null
  ) without rowid;
INSERT INTO oncecode_claims VALUES('v_0VChRnM89pyJKC74yVtVv7KnLJTLmiZy','GONE','pub_0VChRnM8sXNdz8fAeE3E8I7f2oyEwiU9');
INSERT INTO oncecode_claims VALUES('v_0VChRnM8c4ojfjOol57rkc5AgpJhH466','GIVEN','pub_0VChRnM8bF2TzKASvU4SMxYBLbYD9OvF');
CREATE TABLE oncecode_attempts (publication_id text not null, voucher_id text, code text);
CREATE TABLE oncecode_keys (key text not null primary key, publication_id text not null) without rowid;
INSERT INTO oncecode_keys VALUES('["source","order-GIVEN"]','pub_0VChRnM8bF2TzKASvU4SMxYBLbYD9OvF');
INSERT INTO oncecode_keys VALUES('["source","order-GONE"]','pub_0VChRnM8sXNdz8fAeE3E8I7f2oyEwiU9');
CREATE TABLE oncecode_campaigns (
    id text not null primary key,
    name text not null unique,
    type text not null,
    campaign_type text not null,
    join_once integer not null,
    active integer not null,
    start_date text,
    expiration_date text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    metadata text not null,
    details text not null
  );
INSERT INTO oncecode_campaigns VALUES('camp_0VChRnM80xcU6YXmXrfQH08e','spring','STATIC','DISCOUNT_COUPONS',0,1,NULL,NULL,'2026-03-02T09:15:04.120Z',NULL,1,'{}','{"voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"PERCENT","percentOff":10},"codeConfig":{"length":8,"charset":"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ","prefix":"","postfix":"","pattern":"########"},"isReferralCode":false,"redemption":{"quantity":null}},"description":null,"activityDurationAfterPublishing":null}');
CREATE TABLE oncecode_customers (
    id text not null primary key,
    source_id text unique,
    name text,
    email text,
    phone text,
    birthdate text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    metadata text not null,
    details text not null
  );
INSERT INTO oncecode_customers VALUES('cust_0VChRnM83PEntSnbJxsDzb8y','ann',NULL,NULL,NULL,NULL,'2026-03-02T09:15:04.120Z',NULL,1,'{}','{"description":null,"address":null}');
CREATE INDEX oncecode_vouchers_in_pool on oncecode_vouchers (campaign_id, rank, expiration_date)
    where campaign_id is not null and publication_id is null and active = 1 and parked = 0;
CREATE INDEX oncecode_vouchers_parked on oncecode_vouchers (campaign_id, expiration_date) where parked = 1;
CREATE INDEX oncecode_vouchers_by_time on oncecode_vouchers (created_at, id);
CREATE INDEX oncecode_vouchers_by_campaign_id on oncecode_vouchers (campaign_id, created_at, id)
    where campaign_id is not null;
CREATE INDEX oncecode_vouchers_by_campaign on oncecode_vouchers (campaign, created_at, id)
    where campaign is not null;
CREATE INDEX oncecode_vouchers_by_holder on oncecode_vouchers (holder_id, created_at, id)
    where holder_id is not null;
CREATE INDEX oncecode_publications_by_time on oncecode_publications (created_at, id);
CREATE INDEX oncecode_publications_by_customer on oncecode_publications (customer_id, created_at, id);
CREATE INDEX oncecode_publications_by_campaign_id on oncecode_publications (campaign_id, created_at, id)
    where campaign_id is not null;
CREATE INDEX oncecode_publications_by_campaign on oncecode_publications (campaign, created_at, id)
    where campaign is not null;
CREATE INDEX oncecode_publications_by_source on oncecode_publications (source_id, created_at, id)
    where source_id is not null;
CREATE INDEX oncecode_attempts_by_voucher on oncecode_attempts (voucher_id, publication_id);
CREATE INDEX oncecode_attempts_by_code on oncecode_attempts (code, publication_id);
CREATE INDEX oncecode_campaigns_by_time on oncecode_campaigns (created_at, id);
CREATE INDEX oncecode_customers_by_time on oncecode_customers (created_at, id);
COMMIT;
