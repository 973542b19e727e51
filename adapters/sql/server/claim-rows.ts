import { MAPPINGS } from "../rows.ts";
import { COLUMNS, type CustomerRow, type PublicationRow, type VoucherRow } from "../schema.ts";
import { digestOf } from "./digest.ts";
import type { Claim } from "./planning.ts";

/** A row, and the place of its claim in the call. */
type Placed<Row> = Row & { readonly n: number };

/** All that claims write, apart from the vouchers that were there. In one order for all, so that nobody waits crosswise. */
export interface ClaimRows {
  readonly newcomers: readonly Placed<CustomerRow>[];
  readonly edits: readonly Placed<CustomerRow>[];
  readonly made: readonly Placed<VoucherRow>[];
  readonly publications: readonly Placed<PublicationRow>[];
  readonly keys: readonly Placed<{ readonly key: string; readonly publication_id: string }>[];
  readonly attempts: readonly Placed<Attempt>[];
}

interface Attempt {
  readonly publication_id: string;
  readonly voucher_id: string | null;
  readonly code: string | null;
}

/** The columns of a customer that a publication may change. */
export const EDITED_COLUMNS: readonly string[] = Object.keys(COLUMNS.customers).filter(
  (column) => column !== "id" && column !== "created_at",
);

/** Rows in the order of a text that each has. */
export const sorted = <Row>(rows: readonly Row[], by: (row: Row) => string): readonly Row[] =>
  rows.toSorted((a, b) => (by(a) < by(b) ? -1 : 1));

const customersOf = (claims: readonly Claim[], isNew: boolean): ClaimRows["newcomers"] => {
  const rows = claims.flatMap(({ n, customer }) =>
    customer.type === "write" && (customer.write.replaces === null) === isNew
      ? [{ n, ...MAPPINGS.customers.toRow(customer.write.record) }]
      : [],
  );
  return sorted(rows, ({ id }) => id);
};

const madeBy = ({ n, fresh, spares }: Claim): ClaimRows["made"] =>
  [...fresh, ...spares].map((voucher) => ({ n, ...MAPPINGS.vouchers.toRow(voucher) }));

const keysOf = ({ n, keys, publication }: Claim): ClaimRows["keys"] =>
  keys.map((key) => ({ n, key: digestOf(key), publication_id: publication.id }));

const attemptsOf = ({ n, publication: { id, result, voucherIds, codes } }: Claim): ClaimRows["attempts"] =>
  result === "SUCCESS"
    ? []
    : [
        ...voucherIds.map((voucher) => ({ n, publication_id: id, voucher_id: voucher, code: null })),
        ...codes.map((code) => ({ n, publication_id: id, voucher_id: null, code })),
      ];

export const rowsOf = (claims: readonly Claim[]): ClaimRows => ({
  newcomers: customersOf(claims, true),
  edits: customersOf(claims, false),
  made: sorted(claims.flatMap(madeBy), ({ code }) => code),
  publications: claims.map(({ n, publication }) => ({ n, ...MAPPINGS.publications.toRow(publication) })),
  keys: sorted(claims.flatMap(keysOf), ({ key }) => key),
  attempts: claims.flatMap(attemptsOf),
});
