import { hash } from "node:crypto";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { CustomerRow, PublicationRow, VoucherRow } from "../schema.ts";
import type { Claim } from "./plan.ts";

/** A row, with the position of its claim in the call. */
type NumberedRow<Row> = Row & { readonly n: number };

/** The new and changed rows of claims. All calls write them in the same order, so that two calls cannot deadlock. */
export interface ClaimRows {
  readonly new_customers: readonly NumberedRow<CustomerRow>[];
  readonly changed_customers: readonly NumberedRow<CustomerRow>[];
  readonly new_vouchers: readonly NumberedRow<VoucherRow>[];
  readonly publications: readonly NumberedRow<PublicationRow>[];
  readonly keys: readonly NumberedRow<{ readonly key: string; readonly publication_id: string }>[];
  readonly failures: readonly NumberedRow<FailureRow>[];
}

interface FailureRow {
  readonly publication_id: string;
  readonly voucher_id: string | null;
  readonly code: string | null;
}

/** Sorts rows by a text of each row. */
export const sortedBy = <Row>(rows: readonly Row[], textOf: (row: Row) => string): readonly Row[] =>
  rows.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));

const customerRows = (claims: readonly Claim[], isNew: boolean): ClaimRows["new_customers"] => {
  const rows = claims.flatMap(({ n, customer }) =>
    customer.type === "write" && (customer.write.replaces === null) === isNew
      ? [{ n, ...ROW_MAPPINGS.customers.toRow(customer.write.record) }]
      : [],
  );
  return sortedBy(rows, ({ id }) => id);
};

const newVoucherRows = ({ n, fresh, spares }: Claim): ClaimRows["new_vouchers"] =>
  [...fresh, ...spares].map((voucher) => ({ n, ...ROW_MAPPINGS.vouchers.toRow(voucher) }));

const keyRows = ({ n, keys, publication }: Claim): ClaimRows["keys"] =>
  keys.map((key) => ({ n, key: keyDigest(key), publication_id: publication.id }));

const failureRows = ({ n, publication: { id, result, voucherIds, codes } }: Claim): ClaimRows["failures"] =>
  result === "SUCCESS"
    ? []
    : [
        ...voucherIds.map((voucher) => ({ n, publication_id: id, voucher_id: voucher, code: null })),
        ...codes.map((code) => ({ n, publication_id: id, voucher_id: null, code })),
      ];

export const claimRows = (claims: readonly Claim[]): ClaimRows => ({
  new_customers: customerRows(claims, true),
  changed_customers: customerRows(claims, false),
  new_vouchers: sortedBy(claims.flatMap(newVoucherRows), ({ code }) => code),
  publications: claims.map(({ n, publication }) => ({ n, ...ROW_MAPPINGS.publications.toRow(publication) })),
  keys: sortedBy(claims.flatMap(keyRows), ({ key }) => key),
  failures: claims.flatMap(failureRows),
});

/** The SHA-256 of a key. A key may be longer than an index allows. */
export const keyDigest = (key: string): string => hash("sha256", key);
