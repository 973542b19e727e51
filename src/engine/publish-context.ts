import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { type ResolvedCustomer, resolveCustomer } from "../domain/customers.ts";
import { and, type Filter, where } from "../domain/filters.ts";
import type { Customer } from "../domain/model.ts";
import {
  type EarlierJoin,
  joinScope,
  joinsOnce,
  NO_EARLIER_JOIN,
  type PublishContext,
  sourceKey,
  type VoucherSource,
} from "../domain/publishing.ts";
import type { PublicationRequest } from "../domain/requests.ts";
import { type EngineError, type NotFound, notFound } from "../errors.ts";
import { awaitAll } from "./await-all.ts";
import { findByNameOrId, findCustomer, findSuccess } from "./record-lookup.ts";
import { checkMetadataSchema } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { readFailure } from "./storage.ts";

/** `full` looks up everything. `assume-new` does not look up the source id; the store then tells if the source id has an owner. */
export type Lookup = "assume-new" | "full";

/** Loads the records that a decision needs: the source, the customer, and earlier publications. */
export const loadContext = (
  runtime: Runtime,
  request: PublicationRequest,
  lookup: Lookup,
): Promise<E.Either<EngineError, PublishContext>> => loadContextOrReject(runtime, request, lookup).catch(readFailure);

const loadContextOrReject = async (
  runtime: Runtime,
  request: PublicationRequest,
  lookup: Lookup,
): Promise<E.Either<EngineError, PublishContext>> => {
  const sourceId = lookup === "full" ? request.sourceId : null;
  const [source, sameSourceId, firstCustomer] = await awaitAll([
    findSource(runtime, request),
    sourceId === null ? null : findSuccess(runtime, { name: sourceKey(sourceId) }),
    findCustomer(runtime, request.customer),
  ]);
  if (E.isLeft(source)) return source;
  // A publication and its customer are stored in one commit. If the publication is there, a second read finds its customer.
  const isFound = E.isRight(firstCustomer) && firstCustomer.right !== null;
  const existingCustomer =
    isFound || sameSourceId === null ? firstCustomer : await findCustomer(runtime, request.customer);
  if (E.isLeft(existingCustomer)) return existingCustomer;
  const resolvedCustomer = resolveAndCheckCustomer(runtime, request, existingCustomer.right);
  if (E.isLeft(resolvedCustomer)) return resolvedCustomer;
  const mayHaveJoined = existingCustomer.right !== null && joinsOnce(request, source.right);
  const earlierJoin = mayHaveJoined
    ? await findEarlierJoin(runtime, source.right, resolvedCustomer.right.customer)
    : NO_EARLIER_JOIN;
  return E.right({
    source: source.right,
    resolvedCustomer: resolvedCustomer.right,
    sameSourceId,
    earlierJoin,
  });
};

const findSource = async (
  runtime: Runtime,
  { source }: PublicationRequest,
): Promise<E.Either<NotFound, VoucherSource>> => {
  if (source.type === "campaign") {
    const campaign = await findByNameOrId(runtime, "campaigns", source.campaign);
    return campaign === null ? E.left(notFound("campaign", source.campaign)) : E.right({ ...source, campaign });
  }
  const voucher = await findByNameOrId(runtime, "vouchers", source.voucher);
  if (voucher === null) return E.left(notFound("voucher", source.voucher));
  const { campaignId } = voucher;
  const campaign = campaignId === null ? null : await runtime.find("campaigns", { id: campaignId });
  return E.right({ type: "voucher", voucher, campaign });
};

const resolveAndCheckCustomer = (
  runtime: Runtime,
  { customer }: PublicationRequest,
  existing: Customer | null,
): E.Either<EngineError, ResolvedCustomer> => {
  const resolvedCustomer = resolveCustomer(existing, customer, { id: runtime.ids.customer, now: runtime.now() });
  if (resolvedCustomer.draftCustomer.type === "known") return E.right(resolvedCustomer);
  return pipe(
    checkMetadataSchema(runtime, "customers", "customer.metadata")(resolvedCustomer.customer),
    E.map(() => resolvedCustomer),
  );
};

/** The customer's first publication of this campaign, or of this voucher without a campaign, that still has a voucher. The earlier request need not have had `joinOnce`. */
const findEarlierJoin = async (
  { repository, find }: Runtime,
  source: VoucherSource,
  customer: Customer,
): Promise<EarlierJoin> => {
  const earlierQuery = { filter: earlierJoinFilter(source, customer), by: "createdAt", descending: false } as const;
  for (let deletedCount = 0; ; deletedCount++) {
    const query = { kind: "publications", ...earlierQuery, after: null, offset: deletedCount, limit: 1 } as const;
    const [publication] = await repository.page(query);
    if (publication === undefined || publication.result === "FAILURE") return { publication: null, deletedCount };
    const vouchers = await awaitAll(publication.voucherIds.map((id) => find("vouchers", { id })));
    if (vouchers.some((voucher) => voucher !== null)) return { publication, deletedCount };
  }
};

const earlierJoinFilter = (source: VoucherSource, { id }: Customer): Filter => {
  const scope = joinScope(source);
  return and<string>(
    where("customerId").is(id),
    source.campaign === null ? where("relatedObjectId").is(scope) : where("parentObjectId").is(scope),
    where("result").is("SUCCESS"),
  );
};
