import * as fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { codeConfigOf } from "../../src/domain/codes.ts";
import type { CodeConfig } from "../../src/domain/model.ts";
import { decodeCampaign, decodeCampaignPatch } from "../../src/input/campaigns.ts";
import { decodeCustomer, decodeCustomerPatch } from "../../src/input/customers.ts";
import { decodeList } from "../../src/input/lists.ts";
import { decodeNameOrId } from "../../src/input/name-or-id.ts";
import { decodeOptions } from "../../src/input/options.ts";
import { decodeProgressOptions } from "../../src/input/progress.ts";
import { decodePublicationQuery } from "../../src/input/publication-queries.ts";
import { decodePublication } from "../../src/input/publications.ts";
import { decodeImport, decodeVoucher, decodeVoucherPatch, decodeVouchersToAdd } from "../../src/input/vouchers.ts";
import { expectRight } from "../support/expect-right.ts";

const STANDARD: CodeConfig = expectRight(codeConfigOf({}));

describe("progress options", () => {
  it("are optional, and each of their fields is optional", () => {
    expect(expectRight(decodeProgressOptions(undefined))).toEqual({});
    const { signal } = new AbortController();
    const onProgress = () => {};
    expect(expectRight(decodeProgressOptions({ onProgress, signal }))).toEqual({ onProgress, signal });
    expect(expectRight(decodeProgressOptions({ onProgress: undefined }))).toEqual({});
  });
});

it("no decoder throws, for any input", () => {
  const decoders: readonly ((input: unknown) => E.Either<unknown, unknown>)[] = [
    decodeCampaign,
    (input) => decodeCampaignPatch(input, STANDARD),
    decodeVoucher,
    decodeVoucherPatch,
    decodeImport,
    decodeVouchersToAdd,
    decodeCustomer,
    decodeCustomerPatch,
    decodePublication,
    (customer) => decodePublication({ voucher: "A", customer }),
    (metadata) => decodePublication({ voucher: "A", customer: "a", metadata }),
    decodeNameOrId("campaign"),
    decodeList("vouchers"),
    (filters) => decodeList("publications")({ filters }),
    decodePublicationQuery,
    decodeProgressOptions,
    decodeOptions,
  ];
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
  });
  void fc.assert(
    fc.property(anything, fc.constantFrom(...decoders), (input, decode) => {
      const decoded = decode(input);
      expect(E.isLeft(decoded) || E.isRight(decoded)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
