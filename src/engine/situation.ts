import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { type Party, partyOf } from "../domain/customers.ts";
import { and, type Filter, where } from "../domain/filters.ts";
import type { Customer } from "../domain/model.ts";
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
import { type EngineError, type NotFound, notFound } from "../errors.ts";
import { conforming } from "./conforming.ts";
import { findByNameOrId, findCustomer, findSuccess } from "./finding.ts";
import type { Runtime } from "./runtime.ts";
import { unread } from "./storage.ts";
import { together } from "./together.ts";

/** What has to be looked up: all of it, or `fresh` where the source id is taken to be new, which the store tells. */
export type Sight = "fresh" | "full";

/** Looks up what a request is decided on: its source, its customer, and what they have had before. */
export const look = (
  runtime: Runtime,
  request: PublicationRequest,
  sight: Sight,
): Promise<E.Either<EngineError, Situation>> => lookUp(runtime, request, sight).catch(unread);

const lookUp = async (
  runtime: Runtime,
  request: PublicationRequest,
  sight: Sight,
): Promise<E.Either<EngineError, Situation>> => {
  const sourceId = sight === "full" ? request.sourceId : null;
  const [source, sameSourceId, early] = await together([
    findSource(runtime, request),
    sourceId === null ? null : findSuccess(runtime, { name: sourceKey(sourceId) }),
    findCustomer(runtime, request.customer),
  ]);
  if (E.isLeft(source)) return source;
  // Whoever owns the source id was stored together with their customer: once one is seen, a second look finds the other.
  const isFound = E.isRight(early) && early.right !== null;
  const known = isFound || sameSourceId === null ? early : await findCustomer(runtime, request.customer);
  if (E.isLeft(known)) return known;
  const party = checkedParty(runtime, request, known.right);
  if (E.isLeft(party)) return party;
  const joins = known.right !== null && joinsOnce(request, source.right);
  const joined = joins ? await findJoined(runtime, source.right, party.right.customer) : NEVER_JOINED;
  return E.right({ source: source.right, party: party.right, sameSourceId, joined });
};

const findSource = async (runtime: Runtime, { source }: PublicationRequest): Promise<E.Either<NotFound, Source>> => {
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

const checkedParty = (
  runtime: Runtime,
  { customer }: PublicationRequest,
  known: Customer | null,
): E.Either<EngineError, Party> => {
  const party = partyOf(known, customer, { id: runtime.ids.customer, now: runtime.now() });
  if (party.write.type === "known") return E.right(party);
  return pipe(
    conforming(runtime, "customers", "customer.metadata")(party.customer),
    E.map(() => party),
  );
};

/** The customer's first publication from here that still has a voucher, also one that was made without `joinOnce`. */
const findJoined = async ({ repository, find }: Runtime, source: Source, customer: Customer): Promise<Joined> => {
  const earlier = { filter: joinedBefore(source, customer), by: "createdAt", descending: false } as const;
  for (let deleted = 0; ; deleted++) {
    const query = { kind: "publications", ...earlier, after: null, offset: deleted, limit: 1 } as const;
    const [publication] = await repository.page(query);
    if (publication === undefined || publication.result === "FAILURE") return { publication: null, deleted };
    const vouchers = await together(publication.voucherIds.map((id) => find("vouchers", { id })));
    if (vouchers.some((voucher) => voucher !== null)) return { publication, deleted };
  }
};

const joinedBefore = (source: Source, { id }: Customer): Filter => {
  const scope = joinScope(source);
  return and<string>(
    where("customerId").is(id),
    source.campaign === null ? where("relatedObjectId").is(scope) : where("parentObjectId").is(scope),
    where("result").is("SUCCESS"),
  );
};
