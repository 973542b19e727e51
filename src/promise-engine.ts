import * as E from "fp-ts/lib/Either.js";
import type { TaskEither } from "fp-ts/lib/TaskEither.js";
import type { Engine } from "./api/engine.ts";
import type { Page } from "./api/lists.ts";
import type { EngineError } from "./errors.ts";
import { oncecodeError } from "./oncecode-error.ts";
import type { TaskEitherEngine, TaskEitherPage } from "./task-either-engine.ts";

/** Throws the error of an `Either`. Only this file turns error values into rejections. */
export const orThrow = <A>(result: E.Either<EngineError, A>): A => {
  if (E.isLeft(result)) throw oncecodeError(result.left);
  return result.right;
};

const promiseMethod =
  <A extends readonly unknown[], R>(operation: (...args: A) => TaskEither<EngineError, R>) =>
  async (...args: A): Promise<R> =>
    orThrow(await operation(...args)());

const pageMethod =
  <A extends readonly unknown[], R>(operation: (...args: A) => TaskEither<EngineError, TaskEitherPage<R>>) =>
  async (...args: A): Promise<Page<R>> => {
    const { total, ...page } = orThrow(await operation(...args)());
    return { ...page, total: promiseMethod(total) };
  };

const iteratorMethod = <A extends readonly unknown[], R>(
  operation: (...args: A) => AsyncIterable<E.Either<EngineError, R>>,
) =>
  async function* (...args: A): AsyncGenerator<R, void, undefined> {
    for await (const result of operation(...args)) yield orThrow(result);
  };

/** The same engine, with promises. */
export const promiseEngine = ({ campaigns, vouchers, customers, publications }: TaskEitherEngine): Engine => ({
  campaigns: {
    create: promiseMethod(campaigns.create),
    get: promiseMethod(campaigns.get),
    list: pageMethod(campaigns.list),
    update: promiseMethod(campaigns.update),
    delete: promiseMethod(campaigns.delete),
    enable: promiseMethod(campaigns.enable),
    disable: promiseMethod(campaigns.disable),
    addVouchers: promiseMethod(campaigns.addVouchers),
    importVouchers: promiseMethod(campaigns.importVouchers),
    summary: promiseMethod(campaigns.summary),
  },
  vouchers: {
    create: promiseMethod(vouchers.create),
    get: promiseMethod(vouchers.get),
    list: pageMethod(vouchers.list),
    update: promiseMethod(vouchers.update),
    delete: promiseMethod(vouchers.delete),
    enable: promiseMethod(vouchers.enable),
    disable: promiseMethod(vouchers.disable),
  },
  customers: {
    upsert: promiseMethod(customers.upsert),
    get: promiseMethod(customers.get),
    list: pageMethod(customers.list),
    update: promiseMethod(customers.update),
    delete: promiseMethod(customers.delete),
  },
  publications: {
    create: promiseMethod(publications.create),
    list: pageMethod(publications.list),
    iterate: iteratorMethod(publications.iterate),
    count: promiseMethod(publications.count),
    resolve: promiseMethod(publications.resolve),
  },
});
