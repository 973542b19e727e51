import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Records } from "../domain/model.ts";
import { duplicateFound, type EngineError, storageFailed } from "../errors.ts";
import type { EditableKind } from "../repository.ts";
import { getByNameOrId, resourceOf } from "./record-lookup.ts";
import type { Runtime } from "./runtime.ts";
import { TRIES_MAX, write } from "./storage.ts";

/** Reads a record, changes it and writes it back. It starts again if the record changed meanwhile. No change means no write. */
export const edit =
  <K extends EditableKind>(
    runtime: Runtime,
    kind: K,
    nameOrId: string,
    change: (record: Records[K]) => E.Either<EngineError, Records[K]>,
  ): TE.TaskEither<EngineError, Records[K]> =>
  async () => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const record = await getByNameOrId(runtime, kind, nameOrId)();
      if (E.isLeft(record)) return record;
      const changed = change(record.right);
      if (E.isLeft(changed) || changed.right === record.right) return changed;
      const putResults = await write(() =>
        runtime.repository.put(kind, [{ record: changed.right, replaces: record.right.revision }]),
      )();
      if (E.isLeft(putResults)) return putResults;
      if (putResults.right[0] === "written") return changed;
      if (putResults.right[0] === "taken")
        return E.left(duplicateFound(resourceOf(kind), "sourceId", sourceIdOf(changed.right)));
    }
    return E.left(
      storageFailed(new Error(`The ${resourceOf(kind)} changed during each of ${TRIES_MAX} tries: try again later`)),
    );
  };

/** A customer's source id is the only name that an edit can set. */
const sourceIdOf = (record: Records[EditableKind]): string => ("sourceId" in record ? (record.sourceId ?? "") : "");

/** Deletes the record with that name or id. */
export const remove =
  <K extends EditableKind>(runtime: Runtime, kind: K, nameOrId: string): TE.TaskEither<EngineError, void> =>
  async () => {
    const found = await getByNameOrId(runtime, kind, nameOrId)();
    if (E.isLeft(found)) return found;
    const removeResult = await write(() => runtime.repository.remove(kind, [found.right.id]))();
    return E.isLeft(removeResult) ? removeResult : E.right(undefined);
  };
