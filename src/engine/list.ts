import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { cursorOf } from "../cursor.ts";
import type { Kind, Records } from "../domain/model.ts";
import { positionOf } from "../domain/pages.ts";
import type { ListRequest } from "../domain/requests.ts";
import type { EngineError, StorageFailed } from "../errors.ts";
import type { Runtime } from "./runtime.ts";
import { read } from "./storage.ts";
import { together } from "./together.ts";

/** One page, and how to get at the rest. */
export interface Listed<V> {
  readonly data: readonly V[];
  total(): TE.TaskEither<StorageFailed, number>;
  readonly next: string | null;
}

/** How one kind is listed: what it is asked with, and how its records are shown. */
export interface Lister<K extends Kind, V> {
  readonly kind: K;
  readonly ask: (query: unknown) => TE.TaskEither<EngineError, ListRequest>;
  readonly show: (record: Records[K]) => Promise<V>;
}

/** One record more than the page holds tells whether there is a next one. */
const fetch = async <K extends Kind, V>(
  { repository }: Runtime,
  { kind, show }: Lister<K, V>,
  request: ListRequest,
): Promise<Omit<Listed<V>, "total">> => {
  const records = await repository.page({ kind, ...request, limit: request.limit + 1 });
  const shown = records.slice(0, request.limit);
  const last = shown.at(-1);
  const next =
    last === undefined || records.length <= request.limit
      ? null
      : cursorOf({ kind, by: request.by, descending: request.descending, position: positionOf(request.by, last) });
  return { data: await together(shown.map(show)), next };
};

const counted = ({ repository }: Runtime, kind: Kind, { filter }: ListRequest): TE.TaskEither<StorageFailed, number> =>
  pipe(
    read(() => repository.count([{ kind, filter }])),
    TE.map(([count = 0]) => count),
  );

export const list =
  <K extends Kind, V>(runtime: Runtime, lister: Lister<K, V>) =>
  (query?: unknown): TE.TaskEither<EngineError, Listed<V>> =>
    pipe(
      lister.ask(query ?? {}),
      TE.flatMap((request) =>
        pipe(
          read(() => fetch(runtime, lister, request)),
          TE.map((page) => ({ ...page, total: () => counted(runtime, lister.kind, request) })),
        ),
      ),
    );

export const count =
  <K extends Kind, V>(runtime: Runtime, lister: Lister<K, V>) =>
  (query?: unknown): TE.TaskEither<EngineError, number> =>
    pipe(
      lister.ask(query ?? {}),
      TE.flatMap((request) => counted(runtime, lister.kind, request)),
    );

/** Records fetched at a time. */
const STEP = 100;

/** All that match, a page at a time; ends with the error, if there is one. */
export const iterate = <K extends Kind, V>(runtime: Runtime, lister: Lister<K, V>) =>
  async function* (query?: unknown): AsyncGenerator<E.Either<EngineError, V>, void, undefined> {
    const decoded = await lister.ask(query ?? {})();
    if (E.isLeft(decoded)) return yield decoded;
    for (let request: ListRequest = { ...decoded.right, limit: STEP }; ; ) {
      const records = await read(() => runtime.repository.page({ kind: lister.kind, ...request }))();
      if (E.isLeft(records)) return yield records;
      for (const record of records.right) {
        const shown = await read(() => lister.show(record))();
        yield shown;
        if (E.isLeft(shown)) return;
      }
      const last = records.right.at(-1);
      if (last === undefined || records.right.length < STEP) return;
      request = { ...request, offset: 0, after: positionOf(request.by, last) };
    }
  };
