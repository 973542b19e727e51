import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryRepository } from "oncecode/memory";
import { and } from "../../domain/filters.ts";
import type { Kind, PublicationRecord, Success, VoucherRecord } from "../../domain/model.ts";
import type { Repository, Settlement } from "../../repository.ts";
import { callOf } from "../calls.ts";
import { commands, NAMES } from "../commands.ts";
import type { Laws } from "../law.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

const inOneOrder = <P extends PublicationRecord | Success>(publication: P): P => {
  const pairs = publication.codes.map((code, i) => ({ code, id: publication.voucherIds[i] }));
  const sorted = pairs.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  return { ...publication, codes: sorted.map(({ code }) => code), voucherIds: sorted.map(({ id }) => id) };
};

/** The same, but for the order in which a draw took its vouchers. */
const comparable = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.map(comparable);
  if (!isObject(answer)) return answer;
  if (isPublication(answer)) return inOneOrder(answer);
  if (isPublished(answer))
    return { ...answer, publication: inOneOrder(answer.publication), vouchers: answer.vouchers.toSorted(byId) };
  return "publication" in answer ? { ...answer, publication: comparable(answer.publication) } : answer;
};

const byId = (a: VoucherRecord, b: VoucherRecord): number => (a.id < b.id ? -1 : 1);
const isObject = (answer: unknown): answer is object => typeof answer === "object" && answer !== null;
const isPublication = (answer: object): answer is PublicationRecord => "codes" in answer && "voucherIds" in answer;
const isPublished = (answer: object): answer is Extract<Settlement, { readonly type: "published" }> =>
  "type" in answer && answer.type === "published" && "vouchers" in answer;

/** All that can be seen of a repository. */
const observe = async (repository: Repository): Promise<unknown> => {
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    const list = { kind, filter: and(), by: "id", descending: false, after: null, offset: 0, limit: 1000 };
    seen.push(comparable(await repository.page(list)), comparable(await repository.find(kind, NAMES)));
  }
  return seen;
};

/** Random runs of calls. Twenty-five calls meet most pairs of things that can happen to one voucher. */
const RUNS = 60;

/** What the port means: what the memory repository does. */
export const meaningLaws: Laws = (law) => [
  law(
    "any run of calls is answered, and ends, as in memory",
    "the memory repository is what the port means: a host that changes its store would find other rules there",
    async (_, open) => {
      const property = fc.asyncProperty(commands, async (run) => {
        const [repository, model] = [await open(), memoryRepository()];
        for (const command of run) {
          const call = await callOf(model, command);
          const [meant, answered] = [await call(model), await call(repository)];
          assert.deepEqual(comparable(answered), comparable(meant));
          assert.deepEqual(await observe(repository), await observe(model));
        }
      });
      await fc.assert(property, { numRuns: RUNS });
    },
  ),
];
