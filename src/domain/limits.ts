/** The largest sizes that the engine accepts. Lengths are in code points, or in bytes if the name says so. */
export const LIMITS = {
  /** Names, ids, source ids, channels and other short texts. */
  name: 255,
  email: 320,
  /** Descriptions and additional info. */
  description: 10_000,
  /** The metadata of one record, as JSON in UTF-8. */
  metadataBytes: 65_536,
  metadataDepth: 20,
  /** Definitions in one metadata schema. */
  definitions: 100,
  /** Vouchers that one call creates or adds. Imports have no limit. */
  vouchers: 10_000_000,
  /** The largest `publicationMax` and `extendBy` of a host. */
  publicationMax: 10_000,
  /** The largest `redemption.quantity`. */
  quantity: 2_147_483_647,
  page: 1000,
  pageSize: 100,
  pageSizeDefault: 10,
  /** Conditions in one filter; the limit for groups is the same. */
  conditions: 100,
  /** Operands of all conditions of one filter. */
  operands: 1000,
  operand: 10_000,
  filterDepth: 20,
  cursor: 4096,
} as const;
