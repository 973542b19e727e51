import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { type Party, partyOf } from "../domain/customers.ts";
import { and, type Filter, where } from "../domain/filters.ts";
import type { Customer, CustomerId, Success } from "../domain/model.ts";
import {
  type Joined,
  joinScope,
  joinsOnce,
  NEVER_JOINED,
  type Situation,
  type Source,
  sourceKey,
} from "../domain/publishing.ts";
import type { PublicationRequest } from "../domain/requests.ts";
import type { EngineError, StorageFailed } from "../errors.ts";
import { conforming } from "./conforming.ts";
import { findById, findCustomer, findNamed } from "./finding.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

/** Looks up what a request is decided on: its source, its customer, and what they have had before. */
export const look =
  (runtime: Runtime, request: PublicationRequest, customerId: CustomerId): TE.TaskEither<EngineError, Situation> =>
  async () => {
    const source = await findSource(runtime, request)();
    if (E.isLeft(source)) return source;
    // Before the customer: whoever owns the source id was stored together with theirs, so that one is found after it.
    const sameSourceId = await findSameSourceId(runtime, request.sourceId)();
    if (E.isLeft(sameSourceId)) return sameSourceId;
    const known = await findCustomer(runtime, request.customer)();
    if (E.isLeft(known)) return known;
    const party = checkedParty(runtime, request, known.right, customerId);
    if (E.isLeft(party)) return party;
    const joined = await findJoined(runtime, request, source.right, known.right)();
    if (E.isLeft(joined)) return joined;
    return E.right({
      source: source.right,
      party: party.right,
      sameSourceId: sameSourceId.right,
      joined: joined.right,
    });
  };

const findSource =
  (runtime: Runtime, { source }: PublicationRequest): TE.TaskEither<EngineError, Source> =>
  async () => {
    if (source.type === "campaign") {
      const campaign = await findNamed(runtime, "campaigns", source.campaign)();
      return E.isLeft(campaign) ? campaign : E.right({ ...source, campaign: campaign.right });
    }
    const voucher = await findNamed(runtime, "vouchers", source.voucher)();
    if (E.isLeft(voucher)) return voucher;
    const { campaignId } = voucher.right;
    if (campaignId === null) return E.right({ type: "voucher", voucher: voucher.right, campaign: null });
    const campaign = await findById(runtime, "campaigns", campaignId)();
    return E.isLeft(campaign)
      ? campaign
      : E.right({ type: "voucher", voucher: voucher.right, campaign: campaign.right });
  };

const checkedParty = (
  runtime: Runtime,
  { customer }: PublicationRequest,
  known: Customer | null,
  id: CustomerId,
): E.Either<EngineError, Party> => {
  const party = partyOf(known, customer, { id, now: runtime.now() });
  if (party.write.type === "known") return E.right(party);
  return pipe(
    conforming(runtime, "customers", "customer.metadata")(party.customer),
    E.map(() => party),
  );
};

const findSameSourceId = ({ find }: Runtime, sourceId: string | null): TE.TaskEither<StorageFailed, Success | null> =>
  sourceId === null
    ? TE.right(null)
    : read(async () => {
        const owner = await find("publications", { name: sourceKey(sourceId) });
        return owner?.result === "SUCCESS" ? owner : null;
      });

/** The customer's first publication from here that still has a voucher, also one that was made without `joinOnce`. */
const findJoined = (
  { repository, find }: Runtime,
  request: PublicationRequest,
  source: Source,
  customer: Customer | null,
): TE.TaskEither<StorageFailed, Joined> => {
  if (customer === null || !joinsOnce(request, source)) return TE.right(NEVER_JOINED);
  return read(async () => {
    const earlier = { filter: joinedBefore(source, customer), by: "createdAt", descending: false } as const;
    for (let deleted = 0; ; deleted++) {
      const query = { kind: "publications", ...earlier, after: null, offset: deleted, limit: 1 } as const;
      const [publication] = await repository.page(query);
      if (publication === undefined || publication.result === "FAILURE") return { publication: null, deleted };
      const vouchers = await Promise.all(publication.voucherIds.map((id) => find("vouchers", { id })));
      if (vouchers.some((voucher) => voucher !== null)) return { publication, deleted };
    }
  });
};

const joinedBefore = (source: Source, { id }: Customer): Filter => {
  const scope = joinScope(source);
  return and<string>(
    where("customerId").is(id),
    source.campaign === null ? where("relatedObjectId").is(scope) : where("parentObjectId").is(scope),
    where("result").is("SUCCESS"),
  );
};
