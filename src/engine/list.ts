import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import type { Kind, Records } from "../domain/model.ts";
import { positionOf } from "../domain/pages.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { EngineError, StorageFailed } from "../errors.ts";
import { encodeCursor } from "../list-cursor.ts";
import { awaitAll } from "./await-all.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";

/** One page, with the cursor of the next page, and a method that counts all matches. */
export interface ListPage<V> {
  readonly data: readonly V[];
  total(): TE.TaskEither<StorageFailed, number>;
  readonly next: string | null;
}

/** How one kind of record is listed: its request and its view. */
export interface ListDefinition<K extends Kind, V> {
  readonly kind: K;
  readonly toRequest: (query: unknown) => TE.TaskEither<EngineError, ListRequest>;
  readonly toView: (record: Records[K]) => Promise<V>;
}

/** Reads one record more than the page holds, which tells whether there is a next page. */
const fetchPage = async <K extends Kind, V>(
  { repository }: Runtime,
  { kind, toView }: ListDefinition<K, V>,
  request: ListRequest,
): Promise<Omit<ListPage<V>, "total">> => {
  const records = await repository.page({ kind, ...request, limit: request.limit + 1 });
  const pageRecords = records.slice(0, request.limit);
  const last = pageRecords.at(-1);
  const next =
    last === undefined || records.length <= request.limit
      ? null
      : encodeCursor({ kind, by: request.by, descending: request.descending, position: positionOf(request.by, last) });
  return { data: await awaitAll(pageRecords.map(toView)), next };
};

const countMatches = (
  { repository }: Runtime,
  kind: Kind,
  { filter }: ListRequest,
): TE.TaskEither<StorageFailed, number> =>
  pipe(
    read(() => repository.count([{ kind, filter }])),
    TE.map(([count = 0]) => count),
  );

export const list =
  <K extends Kind, V>(runtime: Runtime, definition: ListDefinition<K, V>) =>
  (query?: unknown): TE.TaskEither<EngineError, ListPage<V>> =>
    pipe(
      definition.toRequest(query ?? {}),
      TE.flatMap((request) =>
        pipe(
          read(() => fetchPage(runtime, definition, request)),
          TE.map((page) => ({ ...page, total: () => countMatches(runtime, definition.kind, request) })),
        ),
      ),
    );

export const count =
  <K extends Kind, V>(runtime: Runtime, definition: ListDefinition<K, V>) =>
  (query?: unknown): TE.TaskEither<EngineError, number> =>
    pipe(
      definition.toRequest(query ?? {}),
      TE.flatMap((request) => countMatches(runtime, definition.kind, request)),
    );

/** Records per call to the store. */
const PAGE_SIZE = 100;

/** All matching records, read page by page. An error is the last element. */
export const iterate = <K extends Kind, V>(runtime: Runtime, definition: ListDefinition<K, V>) =>
  async function* (query?: unknown): AsyncGenerator<E.Either<EngineError, V>, void, undefined> {
    const firstRequest = await definition.toRequest(query ?? {})();
    if (E.isLeft(firstRequest)) return yield firstRequest;
    for (let request: ListRequest = { ...firstRequest.right, limit: PAGE_SIZE }; ; ) {
      const records = await read(() => runtime.repository.page({ kind: definition.kind, ...request }))();
      if (E.isLeft(records)) return yield records;
      for (const record of records.right) {
        const view = await read(() => definition.toView(record))();
        yield view;
        if (E.isLeft(view)) return;
      }
      const last = records.right.at(-1);
      if (last === undefined || records.right.length < PAGE_SIZE) return;
      request = { ...request, offset: 0, after: positionOf(request.by, last) };
    }
  };
