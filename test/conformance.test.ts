import { LAW_TIMEOUT, type Open, repositoryLaws } from "oncecode/conformance";
import { memoryRepository } from "oncecode/memory";
import { describe, it } from "vitest";

const stores: Readonly<Record<string, Open>> = {
  memory: async () => memoryRepository(),
};

describe.each(Object.entries(stores))("%s", (_, open) => {
  for (const law of repositoryLaws(open)) it(law.name, law.run, LAW_TIMEOUT);
});
