/**
 * oncecode gives each customer a code, and never the same code to two customers.
 *
 * For hosts: `createEngine`, filters (`where`, `and`, `or`, `parseFilters`) and errors.
 * For authors of a repository: the port (`Repository`), the meaning of filters and orders (`matches`, `positionOf`), and the rules
 * for vouchers and publications (`hasExpired`, `publishedVoucher`, `publicationWithVouchers`).
 * Nothing in `src/` imports an adapter, a database driver or a web framework.
 *
 * @module
 */

export type {
  CampaignInput,
  CampaignMethods,
  CampaignPatch,
  CampaignSummary,
  ImportReport,
  VoucherImport,
  VouchersToAdd,
  VoucherTemplateInput,
} from "./api/campaigns.ts";
export type { CustomerInput, CustomerMethods, CustomerPatch, CustomerSummary } from "./api/customers.ts";
export type { Engine, TransactionalEngine } from "./api/engine.ts";
export type { ListQuery, Page } from "./api/lists.ts";
export type { Progress, ProgressOptions } from "./api/progress.ts";
export type {
  Publication,
  PublicationEntry,
  PublicationFilters,
  PublicationInput,
  PublicationMethods,
  PublicationQuery,
  PublicationSource,
} from "./api/publications.ts";
export type {
  BenefitInput,
  CodeConfigInput,
  DateInput,
  Voucher,
  VoucherInput,
  VoucherMethods,
  VoucherPatch,
} from "./api/vouchers.ts";
export { createEngine, parseFilters } from "./create-engine.ts";
export type { Attribute, Column, MetadataAttribute, Order, OrderBy, ValueType } from "./domain/attributes.ts";
export { ATTRIBUTES, columnOf, metadataKey, ORDERS } from "./domain/attributes.ts";
export type { OperandForms } from "./domain/filter-evaluation.ts";
export { matches, operandForms } from "./domain/filter-evaluation.ts";
export type { Condition, ConditionsOn, Filter, FilterOf, Operator, Scalar } from "./domain/filters.ts";
export { and, or, where } from "./domain/filters.ts";
export { LIMITS } from "./domain/limits.ts";
export type { MetadataDefinition, MetadataSchema, MetadataSchemas } from "./domain/metadata-schema.ts";
export type * from "./domain/model.ts";
export type { Position, Query } from "./domain/pages.ts";
export { comparePositions, positionOf } from "./domain/pages.ts";
export { compareText } from "./domain/text-order.ts";
export { hasExpired, publicationWithVouchers, publishedVoucher, unexpiredAt } from "./domain/vouchers.ts";
export type * from "./errors.ts";
export type { OncecodeError } from "./oncecode-error.ts";
export { isOncecodeError } from "./oncecode-error.ts";
export type { EngineOptions, GuessableCodesWarning, IdPrefix } from "./options.ts";
export type * from "./repository.ts";
export type { UnchangedError } from "./unchanged.ts";
export { unchanged } from "./unchanged.ts";
