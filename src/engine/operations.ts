import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { and, where } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { EngineError, InputError } from "../errors.ts";
import type { Publication, PublicationEntry } from "../face.ts";
import type { FallibleEngine } from "../fallible.ts";
import { decodeList } from "../input/lists.ts";
import { decodeOptions } from "../input/options.ts";
import { decodePublicationQuery } from "../input/publication-queries.ts";
import { decodeRef } from "../input/refs.ts";
import type { EngineOptions } from "../options.ts";
import type { Repository, Transactional } from "../repository.ts";
import { addVouchers } from "./additions.ts";
import {
  createCampaign,
  deleteCampaign,
  getCampaign,
  setCampaignActive,
  summarizeCampaign,
  updateCampaign,
} from "./campaigns.ts";
import { deleteCustomer, getCustomer, updateCustomer, upsertCustomer } from "./customers.ts";
import { importVouchers } from "./imports.ts";
import { count, iterate, type Lister, list } from "./list.ts";
import { publish } from "./publish.ts";
import { type Runtime, runtimeOf } from "./runtime.ts";
import { read } from "./storage.ts";
import { showPublication, showVoucher } from "./views.ts";
import { createVoucher, deleteVoucher, getVoucher, setVoucherActive, updateVoucher } from "./vouchers.ts";

/** What became of a publication whose outcome was unknown. */
const resolve =
  (runtime: Runtime) =>
  (publicationId: unknown): TE.TaskEither<EngineError, Publication | null> =>
    pipe(
      TE.fromEither(decodeRef("publicationId")(publicationId)),
      TE.flatMap((id) =>
        read(async () => {
          const found = await runtime.find("publications", { id });
          return found?.result === "SUCCESS" ? showPublication(runtime)(found) : null;
        }),
      ),
    );

const askFor =
  (kind: Kind) =>
  (query: unknown): TE.TaskEither<EngineError, ListRequest> =>
    TE.fromEither(decodeList(kind)(query));

/** A name stands for the campaign that has it now; only if none has, for those that had it. */
const askForPublications =
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
              TE.map((ofCampaign) => ({ ...request, filter: and<string>(request.filter, ofCampaign) })),
            ),
      ),
    );

const operations = (runtime: Runtime): FallibleEngine => {
  const asIs = async <R>(record: R): Promise<R> => record;
  const publications: Lister<"publications", PublicationEntry> = {
    kind: "publications",
    ask: askForPublications(runtime),
    show: showPublication(runtime),
  };
  return {
    campaigns: {
      create: createCampaign(runtime),
      get: getCampaign(runtime),
      list: list(runtime, { kind: "campaigns", ask: askFor("campaigns"), show: asIs }),
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
      list: list(runtime, { kind: "vouchers", ask: askFor("vouchers"), show: showVoucher(runtime) }),
      update: updateVoucher(runtime),
      delete: deleteVoucher(runtime),
      enable: setVoucherActive(runtime, true),
      disable: setVoucherActive(runtime, false),
    },
    customers: {
      upsert: upsertCustomer(runtime),
      get: getCustomer(runtime),
      list: list(runtime, { kind: "customers", ask: askFor("customers"), show: asIs }),
      update: updateCustomer(runtime),
      delete: deleteCustomer(runtime),
    },
    publications: {
      create: publish(runtime),
      list: list(runtime, publications),
      iterate: iterate(runtime, publications),
      count: count(runtime, publications),
      resolve: resolve(runtime),
    },
  };
};

/** An engine that can be had inside a transaction of the host's, if its repository can. */
export type Joining<T> = FallibleEngine & { readonly within?: (transaction: T) => FallibleEngine };

/** Joins the host's options and the operations. The only thing that can be wrong is an option. */
export const engineOf = <T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): E.Either<InputError, Joining<T>> =>
  pipe(
    decodeOptions(options),
    E.map(() => {
      const { repository } = options;
      const runtime = runtimeOf(options);
      const engine = operations(runtime);
      const { within } = repository;
      if (within === undefined) return engine;
      const joined = (transaction: T): Repository => within.call(repository, transaction);
      return {
        ...engine,
        within: (transaction) => operations(runtimeOf({ ...options, repository: joined(transaction) }, runtime.walks)),
      };
    }),
  );
