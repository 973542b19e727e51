// `engine/` runs the operations: it decodes the input, loads records, lets the domain decide, and writes to the store.
// One file per operation or shared part; this file puts them together.
// It imports the rest of `src/`, but not the conformance kit, and no adapter.

import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import type { Publication, PublicationEntry } from "../api/publications.ts";
import { and, where } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { EngineError, InputError } from "../errors.ts";
import { decodeList } from "../input/lists.ts";
import { decodeNameOrId } from "../input/name-or-id.ts";
import { decodeOptions } from "../input/options.ts";
import { decodePublicationQuery } from "../input/publication-queries.ts";
import type { EngineOptions } from "../options.ts";
import type { Repository, Transactional } from "../repository.ts";
import type { TaskEitherEngine } from "../task-either-engine.ts";
import {
  createCampaign,
  deleteCampaign,
  getCampaign,
  setCampaignActive,
  summarizeCampaign,
  updateCampaign,
} from "./campaigns.ts";
import { deleteCustomer, getCustomer, updateCustomer, upsertCustomer } from "./customers.ts";
import { count, iterate, type ListDefinition, list } from "./list.ts";
import { publish } from "./publish.ts";
import { createRuntime, type Runtime } from "./runtime.ts";
import { read } from "./storage.ts";
import { loadPublicationView, loadVoucherView } from "./views.ts";
import { addVouchers } from "./voucher-additions.ts";
import { importVouchers } from "./voucher-imports.ts";
import { createVoucher, deleteVoucher, getVoucher, setVoucherActive, updateVoucher } from "./vouchers.ts";

/** Looks up a publication whose outcome was unknown. */
const resolvePublication =
  (runtime: Runtime) =>
  (publicationId: unknown): TE.TaskEither<EngineError, Publication | null> =>
    pipe(
      TE.fromEither(decodeNameOrId("publicationId")(publicationId)),
      TE.flatMap((id) =>
        read(async () => {
          const found = await runtime.find("publications", { id });
          return found?.result === "SUCCESS" ? loadPublicationView(runtime)(found) : null;
        }),
      ),
    );

const toListRequest =
  (kind: Kind) =>
  (query: unknown): TE.TaskEither<EngineError, ListRequest> =>
    TE.fromEither(decodeList(kind)(query));

/** A name in a query means the campaign that has the name now. If there is none, it means the deleted campaigns with that name. */
const toPublicationListRequest =
  (runtime: Runtime) =>
  (query: unknown): TE.TaskEither<EngineError, ListRequest> =>
    pipe(
      TE.fromEither(decodePublicationQuery(query)),
      TE.flatMap(({ campaign, ...request }) =>
        campaign === null
          ? TE.right(request)
          : pipe(
              read(() => runtime.find("campaigns", { name: campaign })),
              TE.map((found) =>
                found === null ? where("campaignName").is(campaign) : where("parentObjectId").is(found.id),
              ),
              TE.map((campaignFilter) => ({ ...request, filter: and<string>(request.filter, campaignFilter) })),
            ),
      ),
    );

const createOperations = (runtime: Runtime): TaskEitherEngine => {
  const asIs = async <R>(record: R): Promise<R> => record;
  const publications: ListDefinition<"publications", PublicationEntry> = {
    kind: "publications",
    toRequest: toPublicationListRequest(runtime),
    toView: loadPublicationView(runtime),
  };
  return {
    campaigns: {
      create: createCampaign(runtime),
      get: getCampaign(runtime),
      list: list(runtime, { kind: "campaigns", toRequest: toListRequest("campaigns"), toView: asIs }),
      update: updateCampaign(runtime),
      delete: deleteCampaign(runtime),
      enable: setCampaignActive(runtime, true),
      disable: setCampaignActive(runtime, false),
      addVouchers: addVouchers(runtime),
      importVouchers: importVouchers(runtime),
      summary: summarizeCampaign(runtime),
    },
    vouchers: {
      create: createVoucher(runtime),
      get: getVoucher(runtime),
      list: list(runtime, { kind: "vouchers", toRequest: toListRequest("vouchers"), toView: loadVoucherView(runtime) }),
      update: updateVoucher(runtime),
      delete: deleteVoucher(runtime),
      enable: setVoucherActive(runtime, true),
      disable: setVoucherActive(runtime, false),
    },
    customers: {
      upsert: upsertCustomer(runtime),
      get: getCustomer(runtime),
      list: list(runtime, { kind: "customers", toRequest: toListRequest("customers"), toView: asIs }),
      update: updateCustomer(runtime),
      delete: deleteCustomer(runtime),
    },
    publications: {
      create: publish(runtime),
      list: list(runtime, publications),
      iterate: iterate(runtime, publications),
      count: count(runtime, publications),
      resolve: resolvePublication(runtime),
    },
  };
};

/** An engine. It has `within` if its repository can take part in a transaction of the host. */
export type MaybeTransactionalEngine<T> = TaskEitherEngine & { readonly within?: (transaction: T) => TaskEitherEngine };

/** Creates the engine. It fails only if an option is wrong. */
export const createTaskEitherEngine = <T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): E.Either<InputError, MaybeTransactionalEngine<T>> =>
  pipe(
    decodeOptions(options),
    E.map(() => {
      const { repository } = options;
      const runtime = createRuntime(options);
      const engine = createOperations(runtime);
      const { within } = repository;
      if (within === undefined) return engine;
      const repositoryWithin = (transaction: T): Repository => within.call(repository, transaction);
      return {
        ...engine,
        within: (transaction) =>
          createOperations(
            createRuntime({ ...options, repository: repositoryWithin(transaction) }, runtime.drawCursors),
          ),
      };
    }),
  );
