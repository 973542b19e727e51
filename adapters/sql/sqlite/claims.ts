/**
 * Publishes each voucher and each code once, for good, were all statements wrong: a voucher's row never leaves its
 * publication, and leaves a row in `oncecode_retired` when it is deleted, so that its code is never another's.
 *
 * A table of all claims says the same, but each row of it is on two pages of its own, which doubles what a commit writes.
 *
 * They fail instead of aborting, as do the statements that fire them: to be able to undo one statement alone, SQLite
 * copies the pages that it changes.
 */
const wasPublished = (row: "old" | "new"): string =>
  `exists (select 1 from oncecode_retired where voucher_id = ${row}.id)
   or exists (select 1 from oncecode_retired where code = ${row}.code)`;
const refusal = "select raise(fail, 'A voucher and its code are published once')";

export const CLAIMS_0002: readonly string[] = [
  "alter table oncecode_claims rename to oncecode_retired",
  `delete from oncecode_retired where exists (select 1 from oncecode_vouchers as voucher
    where voucher.id = voucher_id and voucher.publication_id = oncecode_retired.publication_id)`,
  `create view oncecode_claims (voucher_id, code, publication_id) as
    select id, code, publication_id from oncecode_vouchers where publication_id is not null
    union all select voucher_id, code, publication_id from oncecode_retired`,
  `create trigger oncecode_vouchers_publish before update of publication_id on oncecode_vouchers
    when old.publication_id is not null or ${wasPublished("old")}
    begin ${refusal}; end`,
  `create trigger oncecode_vouchers_publish_new before insert on oncecode_vouchers
    when new.publication_id is not null and (${wasPublished("new")})
    begin ${refusal}; end`,
  `create trigger oncecode_vouchers_retire after delete on oncecode_vouchers when old.publication_id is not null
    begin insert or fail into oncecode_retired (voucher_id, code, publication_id)
      values (old.id, old.code, old.publication_id); end`,
];
