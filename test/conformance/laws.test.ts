import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import { memoryRepository } from "oncecode/memory";
import { describe, it } from "vitest";
import { allStores, type Open } from "../support/stores.ts";

const inSmallCalls: Open = async () => ({ ...memoryRepository(), batchMax: 3 });

describe.each([...allStores, ["memory, three items at a time", inSmallCalls] as const])("%s", (_, open) => {
  for (const law of repositoryLaws(open)) it(law.name, law.run, 3 * LAW_TIMEOUT);
});
