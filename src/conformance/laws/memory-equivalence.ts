import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryRepository } from "oncecode/memory";
import { and } from "../../domain/filters.ts";
import type { Kind, PublicationRecord, SuccessfulPublication, VoucherRecord } from "../../domain/model.ts";
import type { Repository, Settlement } from "../../repository.ts";
import { toCall } from "../command-calls.ts";
import { commandLists, NAME_REFS } from "../commands.ts";
import type { LawGroup } from "../law.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

const sortCodes = <P extends PublicationRecord | SuccessfulPublication>(publication: P): P => {
  const pairs = publication.codes.map((code, i) => ({ code, id: publication.voucherIds[i] }));
  const sorted = pairs.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  return { ...publication, codes: sorted.map(({ code }) => code), voucherIds: sorted.map(({ id }) => id) };
};

/** Sorts the vouchers of a publication: their order is random. */
const normalize = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.map(normalize);
  if (!isObject(answer)) return answer;
  if (isPublication(answer)) return sortCodes(answer);
  if (isPublished(answer))
    return { ...answer, publication: sortCodes(answer.publication), vouchers: answer.vouchers.toSorted(compareById) };
  return "publication" in answer ? { ...answer, publication: normalize(answer.publication) } : answer;
};

const compareById = (a: VoucherRecord, b: VoucherRecord): number => (a.id < b.id ? -1 : 1);
const isObject = (answer: unknown): answer is object => typeof answer === "object" && answer !== null;
const isPublication = (answer: object): answer is PublicationRecord => "codes" in answer && "voucherIds" in answer;
const isPublished = (answer: object): answer is Extract<Settlement, { readonly type: "published" }> =>
  "type" in answer && answer.type === "published" && "vouchers" in answer;

/** Everything that a repository holds. */
const readContents = async (repository: Repository): Promise<unknown> => {
  const contents: unknown[] = [];
  for (const kind of KINDS) {
    const list = { kind, filter: and(), by: "id", descending: false, after: null, offset: 0, limit: 1000 };
    contents.push(normalize(await repository.page(list)), normalize(await repository.find(kind, NAME_REFS)));
  }
  return contents;
};

/** The number of random runs. A run has about 25 calls, which is enough for most pairs of calls on one voucher. */
const RUNS = 60;

/** A repository answers any calls as the memory repository does. */
export const memoryEquivalenceLaws: LawGroup = (law) => [
  law(
    "any sequence of calls has the same answers and the same final state as in memory",
    "the memory repository defines the port: a host that changes its store would find other rules",
    async (_, open) => {
      const property = fc.asyncProperty(commandLists, async (run) => {
        const [repository, model] = [await open(), memoryRepository()];
        for (const command of run) {
          const call = await toCall(model, command);
          const [expected, actual] = [await call(model), await call(repository)];
          assert.deepEqual(normalize(actual), normalize(expected));
          assert.deepEqual(await readContents(repository), await readContents(model));
        }
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  ),
];
