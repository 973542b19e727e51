/**
 * oncecode gives every customer a code, and every code to one customer.
 *
 * For hosts: `createEngine`, filters (`where`, `and`, `or`, `parseFilters`), errors. For those who write a repository:
 * the port (`Repository`), and what filters and orders mean (`matches`, `positionOf`, …).
 *
 * @module
 */
export { createEngine, parseFilters } from "./create-engine.ts";
export type { Attribute, Column, MetadataAttribute, Order, OrderBy, ValueType } from "./domain/attributes.ts";
export { ATTRIBUTES, columnOf, metadataKey, ORDERS } from "./domain/attributes.ts";
export type { Condition, ConditionsOn, Filter, FilterOf, Operator, Scalar } from "./domain/filters.ts";
export { and, or, where } from "./domain/filters.ts";
export { LIMITS } from "./domain/limits.ts";
export type { Forms } from "./domain/matching.ts";
export { forms, matches } from "./domain/matching.ts";
export type { MetadataDefinition, MetadataSchema, MetadataSchemas } from "./domain/metadata-schema.ts";
export type * from "./domain/model.ts";
export type { Position, Query } from "./domain/pages.ts";
export { comparePositions, positionOf } from "./domain/pages.ts";
export { compareText } from "./domain/text.ts";
export type * from "./errors.ts";
export type {
  BenefitInput,
  CampaignInput,
  CampaignMethods,
  CampaignPatch,
  CampaignSummary,
  CodeConfigInput,
  CustomerInput,
  CustomerMethods,
  CustomerPatch,
  CustomerSummary,
  DateInput,
  Engine,
  ImportReport,
  ListQuery,
  Page,
  Progress,
  ProgressOptions,
  Publication,
  PublicationEntry,
  PublicationFilters,
  PublicationInput,
  PublicationMethods,
  PublicationQuery,
  PublicationSource,
  TransactionalEngine,
  Voucher,
  VoucherImport,
  VoucherInput,
  VoucherMethods,
  VoucherPatch,
  VouchersToAdd,
  VoucherTemplateInput,
} from "./face.ts";
export type { OncecodeError } from "./oncecode-error.ts";
export { isOncecodeError } from "./oncecode-error.ts";
export type { EngineOptions, GuessableCodesWarning, IdPrefix } from "./options.ts";
export type * from "./repository.ts";
export type { Unchanged } from "./unchanged.ts";
export { unchanged } from "./unchanged.ts";
