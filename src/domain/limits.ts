/** How much of everything is accepted, in one place. Lengths are in characters (code points) unless they say bytes. */
export const LIMITS = {
  /** Names, ids, source ids, channels and all other short text. */
  name: 255,
  email: 320,
  /** Descriptions and additional info. */
  description: 10_000,
  /** Metadata of one record, as JSON in UTF-8. */
  metadataBytes: 65_536,
  metadataDepth: 20,
  /** Definitions in one metadata schema. */
  definitions: 100,
  /** Vouchers made or added by one call. Imports have no limit. */
  vouchers: 10_000_000,
  /** Vouchers in one publication, and made in advance by one: what a host may set at most. */
  publication: 10_000,
  /** How often a code may be redeemed, unless it is any number of times. */
  quantity: 2_147_483_647,
  page: 1000,
  pageSize: 100,
  pageSizeDefault: 10,
  /** Conditions in one filter, and as many groups. */
  conditions: 100,
  /** Operands in one filter, all conditions together. */
  operands: 1000,
  operand: 10_000,
  filterDepth: 20,
  cursor: 4096,
} as const;
