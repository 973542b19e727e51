import * as E from "fp-ts/lib/Either.js";
import type { TaskEither } from "fp-ts/lib/TaskEither.js";
import type { EngineError } from "./errors.ts";
import type { Engine, Page } from "./face.ts";
import type { FallibleEngine, FalliblePage } from "./fallible.ts";
import { oncecodeError } from "./oncecode-error.ts";

/** The one place where an error as a value becomes a rejection. */

export const orThrow = <A>(result: E.Either<EngineError, A>): A => {
  if (E.isLeft(result)) throw oncecodeError(result.left);
  return result.right;
};

const promised =
  <A extends readonly unknown[], R>(operation: (...args: A) => TaskEither<EngineError, R>) =>
  async (...args: A): Promise<R> =>
    orThrow(await operation(...args)());

const paged =
  <A extends readonly unknown[], R>(operation: (...args: A) => TaskEither<EngineError, FalliblePage<R>>) =>
  async (...args: A): Promise<Page<R>> => {
    const { total, ...page } = orThrow(await operation(...args)());
    return { ...page, total: promised(total) };
  };

const iterated = <A extends readonly unknown[], R>(
  operation: (...args: A) => AsyncIterable<E.Either<EngineError, R>>,
) =>
  async function* (...args: A): AsyncGenerator<R, void, undefined> {
    for await (const one of operation(...args)) yield orThrow(one);
  };

/** The same engine, with promises. */
export const promises = ({ campaigns, vouchers, customers, publications }: FallibleEngine): Engine => ({
  campaigns: {
    create: promised(campaigns.create),
    get: promised(campaigns.get),
    list: paged(campaigns.list),
    update: promised(campaigns.update),
    delete: promised(campaigns.delete),
    enable: promised(campaigns.enable),
    disable: promised(campaigns.disable),
    addVouchers: promised(campaigns.addVouchers),
    importVouchers: promised(campaigns.importVouchers),
    summary: promised(campaigns.summary),
  },
  vouchers: {
    create: promised(vouchers.create),
    get: promised(vouchers.get),
    list: paged(vouchers.list),
    update: promised(vouchers.update),
    delete: promised(vouchers.delete),
    enable: promised(vouchers.enable),
    disable: promised(vouchers.disable),
  },
  customers: {
    upsert: promised(customers.upsert),
    get: promised(customers.get),
    list: paged(customers.list),
    update: promised(customers.update),
    delete: promised(customers.delete),
  },
  publications: {
    create: promised(publications.create),
    list: paged(publications.list),
    iterate: iterated(publications.iterate),
    count: promised(publications.count),
    resolve: promised(publications.resolve),
  },
});
